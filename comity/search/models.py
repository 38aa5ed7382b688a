"""No models: Django tells only those apps that a migration is over which have this module, and `apps` waits for that."""
