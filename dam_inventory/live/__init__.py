"""How a change gets to every open session, in this process and in others."""
