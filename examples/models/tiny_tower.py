"""A vision tower of some 36 thousand weights: a picture becomes sixteen embeddings.

Letters in shapes: B pictures, P patches, C channels of a patch, M channels of the tower, D hidden size of the model.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

PATCH = 6  # pixels in either direction


class Block(nn.Module):
    """Mixes the patches, channel by channel, and then the channels, patch by patch."""

    def __init__(self, patches: int, channels: int):
        super().__init__()
        self.patches_up = nn.Linear(patches, 2 * patches)
        self.patches_down = nn.Linear(2 * patches, patches)
        self.channels_up = nn.Linear(channels, 2 * channels)
        self.channels_down = nn.Linear(2 * channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        mixed = self.patches_down(F.relu(self.patches_up(norm(x).transpose(1, 2))))  # B M P
        x = x + mixed.transpose(1, 2)  # B P M
        return x + self.channels_down(F.relu(self.channels_up(norm(x))))


class Tower(nn.Module):
    def __init__(self, picture: int, hidden_size: int, channels: int = 48, blocks: int = 2):
        super().__init__()
        patches = (picture // PATCH) ** 2
        self.patch = nn.Linear(PATCH * PATCH * 3, channels)
        self.position = nn.Parameter(0.02 * torch.randn(patches, channels))
        self.blocks = nn.ModuleList(Block(patches, channels) for _ in range(blocks))
        self.project = nn.Linear(channels, hidden_size)

    def forward(self, pictures: Tensor) -> Tensor:
        """Returns embeddings, B P D, of pictures, B Y X 3, uint8."""
        batch, height, width, _ = pictures.shape
        x = pictures.float() / 255 - 0.5
        x = x.view(batch, height // PATCH, PATCH, width // PATCH, PATCH, 3).transpose(2, 3)
        x = self.patch(x.reshape(batch, -1, PATCH * PATCH * 3)) + self.position  # B P M
        for block in self.blocks:
            x = block(x)

        return self.project(norm(x))


def norm(x: Tensor) -> Tensor:
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5)
