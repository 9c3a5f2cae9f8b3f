"""What some models are given besides embeddings, and the tensors of prompt N that expected.safetensors has of it.

    N.position_ids   int32 (3, length): frames, rows, columns; a generated token goes on from the largest + 1
    N.spans          int32 (n, 2): start and end of rows that see one another both ways
    N.deepstack      (layers, n, width): added to the output of the first layers at N.deepstack_rows, int32 (n,)
    N.token_ids      int32 (length,): the tokens beside the embeddings; -1 is a row that is none
"""

import importlib

import torch


class Plain:
    """Nothing besides the embeddings."""

    def stored(self):
        """Tensors that go into expected.safetensors, by name."""
        return {}

    def embeds(self, model, embeds):
        """The prompt's embeddings: some of them may have to be rows of the table."""
        return embeds

    def arguments(self, model, embeds, tokens):
        """Keyword arguments of the reference for the prompt and the tokens generated so far."""
        return {}


def grid(start, *sizes):
    """Positions (3, n) of the patches of one image or clip of frames x rows x columns."""
    axes = torch.meshgrid(*(torch.arange(size) for size in sizes), indexing="ij")
    return torch.stack(axes).reshape(3, -1) + start


def text(start, length):
    """Positions (3, n) of text."""
    return torch.arange(start, start + length).expand(3, -1)


class MRope(Plain):
    """Prompts of text and images; a position after an image goes on from the largest one before it."""

    IMAGES = {19: [(3, (1, 2, 4))], 33: [(2, (1, 3, 4)), (4, (2, 2, 2))]}  # text before, frames x rows x columns

    def __init__(self, length, config, generator):
        parts, self.visual, at = [], [], 0
        for before, sizes in self.IMAGES.get(length, []):
            parts.append(text(self.next_position(parts), before))
            image = grid(self.next_position(parts), *sizes)
            parts.append(image)
            at += before
            self.visual += range(at, at + image.shape[1])
            at += image.shape[1]

        parts.append(text(self.next_position(parts), length - at))
        self.positions = torch.cat(parts, 1)

    @staticmethod
    def next_position(parts):
        return int(max((part.max() for part in parts if part.numel()), default=-1)) + 1

    def stored(self):
        return {"position_ids": self.positions.int().contiguous()}

    def arguments(self, model, embeds, tokens):
        later = text(self.next_position([self.positions]), len(tokens))
        return {"position_ids": torch.cat([self.positions, later], 1)[:, None]}


class Deepstack(MRope):
    """Features of the vision tower's inner layers, added at the image's rows after the first layers."""

    LAYERS = 2

    def __init__(self, length, config, generator):
        super().__init__(length, config, generator)
        self.features = 0.5 * torch.randn(self.LAYERS, len(self.visual), config.hidden_size, generator=generator)

    def stored(self):
        tensors = super().stored()
        if self.visual:
            tensors["deepstack"] = self.features
            tensors["deepstack_rows"] = torch.tensor(self.visual, dtype=torch.int32)

        return tensors

    def arguments(self, model, embeds, tokens):
        arguments = super().arguments(model, embeds, tokens)
        if self.visual:
            mask = torch.zeros(embeds.shape[:2], dtype=torch.bool)
            mask[0, self.visual] = True
            arguments |= {"visual_pos_masks": mask, "deepstack_visual_embeds": list(self.features)}

        return arguments


class Spans(Plain):
    """Rows of images, within which attention looks both ways."""

    SPANS = {19: [(3, 11)], 33: [(2, 9), (14, 29)]}  # start, end

    def __init__(self, length, config, generator):
        self.spans = self.SPANS.get(length, [])

    def stored(self):
        return {"spans": torch.tensor(self.spans, dtype=torch.int32).reshape(-1, 2)}

    def arguments(self, model, embeds, tokens):
        blocks = torch.full(embeds.shape[:2], -1)
        for number, (start, end) in enumerate(self.spans):
            blocks[0, start:end] = number

        modeling = importlib.import_module(type(model).__module__)
        masks = modeling.create_masks_for_vision_model(
            config=model.config,
            inputs_embeds=embeds,
            attention_mask=None,
            past_key_values=None,
            position_ids=torch.arange(embeds.shape[1])[None],
            block_sequence_ids=blocks,
        )
        return {"attention_mask": masks}


class Prefix(Plain):
    """The whole prompt looks both ways."""

    def __init__(self, length, config, generator):
        self.length = length

    def stored(self):
        return {"spans": torch.tensor([[0, self.length]], dtype=torch.int32)}

    def arguments(self, model, embeds, tokens):
        size = embeds.shape[1]
        mask = torch.full((size, size), torch.finfo(torch.float32).min).triu(1)
        mask[: self.length, : self.length] = 0
        return {"attention_mask": {"full_attention": mask[None, None], "sliding_attention": mask[None, None]}}


class PerLayer(Plain):
    """Token ids beside the embeddings: every third row is not a token and has the padding token's."""

    def __init__(self, length, config, generator):
        self.ids = torch.randint(1, config.vocab_size, (length,), generator=generator)
        self.ids[2::3] = -1

    def stored(self):
        return {"token_ids": self.ids.int()}

    def embeds(self, model, embeds):
        tokens = self.ids >= 0
        embeds[tokens] = model.get_input_embeddings()(self.ids[tokens])
        return embeds

    def arguments(self, model, embeds, tokens):
        ids = torch.cat([self.ids, torch.tensor(tokens, dtype=torch.long)])
        ids = torch.where(ids < 0, model.config.pad_token_id, ids)
        return {"per_layer_inputs": model.model.get_per_layer_inputs(ids[None], None)}


KINDS = {
    "mrope": MRope,
    "deepstack": Deepstack,
    "gemma3_spans": Spans,
    "gemma4_spans": Spans,
    "prefix": Prefix,
    "per_layer": PerLayer,
}


def make(kind, length, config, generator):
    """What goes with a prompt of `length` rows."""
    return KINDS[kind](length, config, generator) if kind else Plain()
