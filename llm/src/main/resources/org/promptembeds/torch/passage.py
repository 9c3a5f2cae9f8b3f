# What experts see of the hidden states, and where what they say goes. TorchScript source, see
# experts.py.
#
# Shapes:
#   T tokens of the step      E hidden size      L width of what experts see


class Passage(Interface):
    def enter(self, h: Tensor) -> Tensor:
        """What experts see of hidden states, T E: T L."""
        pass

    def leave(self, y: Tensor) -> Tensor:
        """Hidden states of what experts say, T L: T E."""
        pass

    def bind(self, weights: Dict[str, Tensor]) -> None:
        pass


# The hidden states, normalised; L = E.
class Normed:
    norm : __torch__.norm.Norm

    def enter(self, h: Tensor) -> Tensor:
        return self.norm.apply(h)

    def leave(self, y: Tensor) -> Tensor:
        return y

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.norm.bind(weights)


# Projections into a space of their own and back.
class Latent:
    down : __torch__.linear.Linear  # E to L
    up : __torch__.linear.Linear  # L to E

    def enter(self, h: Tensor) -> Tensor:
        return self.down.apply(h)

    def leave(self, y: Tensor) -> Tensor:
        return self.up.apply(y)

    def bind(self, weights: Dict[str, Tensor]) -> None:
        self.down.bind(weights)
        self.up.bind(weights)
