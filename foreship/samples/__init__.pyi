from .complete_journey.sample import complete_journey as complete_journey
from .making import SampleReport as SampleReport
from .making import make_sample as make_sample
from .synthetic.sample import simulate_workspace as simulate_workspace
from .synthetic.true_orders import true_orders as true_orders
from .synthetic.truth import true_purchase_probability as true_purchase_probability
from .synthetic.truth import truth_paths as truth_paths
