"""What we say unasked: notices of facts, their way through the outbox, the sender, the calendar."""
