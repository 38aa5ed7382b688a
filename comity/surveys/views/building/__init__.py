"""The pages on which surveys are built. Who may read surveys reads them; who runs surveys changes them."""
