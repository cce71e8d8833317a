"""Following the service: how the contract and it drift apart, what a change means, whether a mistake is noticed."""
