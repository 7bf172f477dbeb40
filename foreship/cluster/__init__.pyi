from .bounds import refuse_too_large as refuse_too_large
from .bounds import sent_rows as sent_rows
from .connecting import connected as connected
from .connecting import refuse_no_address as refuse_no_address
from .moving import Moving as Moving
from .spreading import Workers as Workers
from .spreading import at_work as at_work
