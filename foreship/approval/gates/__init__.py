"""Gates: what makes a plan wait for an approval, a file each kind; none of them changes a plan."""
