"""The smallest hardware on which a circuit's plan reaches a target."""
