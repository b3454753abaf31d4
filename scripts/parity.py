#!/usr/bin/env python3
"""Numbers of tiny encoder-decoders in transformers, for tests/it/seq2seq.rs to be held against.

    pip install torch transformers numpy
    scripts/parity.py > tests/golden/seq2seq.json

The weights are not kept: both sides make them by the same rule out of the weight's name and shape
(`weight` there and here). What is kept are configurations, sources, and what comes out.
"""
import json
import math
import zlib

import numpy as np
import torch
import transformers as hf

SOURCES = [[5, 9, 13, 7, 22, 31, 8, 2], [17, 4, 2], [12, 33, 6, 29, 11, 3, 41, 19, 27, 30, 2]]
VOCAB = 50


def weight(name, shape):
    """Numbers between -1 and 1 from a linear congruential generator, widened by the shape."""
    n = math.prod(shape)
    state = zlib.crc32(name.encode())
    numbers = np.empty(n)
    for i in range(n):
        state = (1664525 * state + 1013904223) % 2**32
        numbers[i] = (state >> 8) / 2**23 - 1.0
    if "norm" in name and name.endswith("weight"):
        numbers = 1.0 + 0.25 * numbers
    elif len(shape) < 2 or name == "final_logits_bias":
        numbers = 0.25 * numbers
    elif "relative_attention_bias" not in name:
        numbers = numbers * 2.0 / math.sqrt(shape[-1])
    return torch.tensor(numbers.reshape(shape).astype(np.float32))


def names(model):
    """The weights as a file has them: each once."""
    return {name: tensor for name, tensor in model.state_dict().items()
            if not name.endswith(("embed_tokens.weight", "embed_positions.weight", "embed_positions.weights"))
            and not (name == "lm_head.weight" and model.config.tie_word_embeddings)}


def fill(model):
    own = names(model)
    model.load_state_dict({name: weight(name, list(t.shape)) for name, t in own.items()}, strict=False)
    model.tie_weights()
    return {name: list(t.shape) for name, t in own.items()}


def padded(pad):
    width = max(map(len, SOURCES))
    ids = torch.tensor([s + [pad] * (width - len(s)) for s in SOURCES])
    mask = torch.tensor([[1] * len(s) + [0] * (width - len(s)) for s in SOURCES])
    return ids, mask


def written(sequences, n_start, pad, end):
    """Without what it began with, the end and the padding."""
    rows = []
    for row in sequences.tolist():
        row = row[n_start:]
        row = row[:row.index(end)] if end in row else [t for t in row if t != pad]
        rows.append(row)
    return rows


def case(name, model, start, pad, forced=None):
    torch.manual_seed(0)
    model.eval()
    shapes = fill(model)
    ids, mask = padded(pad)
    end = model.config.eos_token_id
    target = torch.tensor([[start[0], 7, 21, 14, 40, 9]] * len(SOURCES))
    with torch.no_grad():
        encoded = model.get_encoder()(input_ids=ids, attention_mask=mask).last_hidden_state
        logits = model(input_ids=ids, attention_mask=mask, decoder_input_ids=target).logits
        more = dict(bad_words_ids=[[pad]], max_length=16, eos_token_id=end, pad_token_id=pad,
                    decoder_start_token_id=start[0], forced_bos_token_id=forced,
                    forced_eos_token_id=None, input_ids=ids, attention_mask=mask)
        greedy = [model.generate(num_beams=1, do_sample=False, no_repeat_ngram_size=n, **more) for n in [0, 2]]
        beams = []
        for penalty, early, no_repeat in [(1.0, False, 0), (0.6, True, 2)]:
            out = model.generate(num_beams=4, length_penalty=penalty, early_stopping=early,
                                 no_repeat_ngram_size=no_repeat,
                                 num_return_sequences=2, return_dict_in_generate=True,
                                 output_scores=True, **more)
            beams.append(dict(length_penalty=penalty, early_stopping=early, no_repeat=no_repeat, scores=out.sequences_scores.tolist(),
                                       tokens=written(out.sequences, len(start), pad, end)))
    round6 = lambda t: [round(x, 6) for x in t.flatten().tolist()]
    config = {k: v for k, v in model.config.to_dict().items() if k in KEYS}
    return dict(name=name, config=config, weights=shapes, start=start, pad=pad, end=end,
                encoded=[round6(e[:len(s), :8]) for e, s in zip(encoded, SOURCES)],
                logits=[round6(l) for l in logits[:, -1]],
                greedy=[written(g, len(start), pad, end) for g in greedy], beams=beams)


KEYS = """model_type d_model encoder_layers decoder_layers encoder_attention_heads
decoder_attention_heads max_position_embeddings scale_embedding activation_function pad_token_id
share_encoder_decoder_embeddings tie_word_embeddings num_layers num_decoder_layers num_heads d_kv
feed_forward_proj layer_norm_epsilon relative_attention_num_buckets
relative_attention_max_distance""".split()

BART = dict(vocab_size=VOCAB, d_model=32, encoder_layers=2, decoder_layers=2, encoder_attention_heads=4,
            decoder_attention_heads=4, encoder_ffn_dim=64, decoder_ffn_dim=64, max_position_embeddings=40,
            scale_embedding=True)
T5 = dict(vocab_size=VOCAB, d_model=32, d_kv=8, d_ff=64, num_layers=2, num_decoder_layers=3, num_heads=4,
          relative_attention_num_buckets=8, relative_attention_max_distance=12, pad_token_id=0,
          decoder_start_token_id=0)

CASES = [
    case("marian", hf.MarianMTModel(hf.MarianConfig(
        **BART, decoder_vocab_size=VOCAB, activation_function="swish", pad_token_id=VOCAB - 1, eos_token_id=23,
        decoder_start_token_id=VOCAB - 1)), [VOCAB - 1], VOCAB - 1),
    case("m2m100", hf.M2M100ForConditionalGeneration(hf.M2M100Config(
        **BART, activation_function="relu", pad_token_id=1, eos_token_id=47,
        decoder_start_token_id=47)), [47, 45], 1, forced=45),
    case("t5", hf.T5ForConditionalGeneration(hf.T5Config(
        **T5, feed_forward_proj="relu", eos_token_id=35, tie_word_embeddings=True)), [0], 0),
    case("mt5", hf.MT5ForConditionalGeneration(hf.MT5Config(
        **T5, feed_forward_proj="gated-gelu", eos_token_id=2, tie_word_embeddings=False)), [0], 0),
]
print(json.dumps(dict(sources=SOURCES, target=[7, 21, 14, 40, 9], cases=CASES)))
