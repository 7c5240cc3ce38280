"""The chapter's two iterators over minibatches, written from their definition, with arrays of 32-bit numbers in place of
the chapter's tensors. Prints the tokens per second of each."""

import random
import sys
import time
from array import array


def random_batches(corpus, batch_size, num_steps):
    corpus = corpus[random.randint(0, num_steps - 1):]
    starts = list(range(0, (len(corpus) - 1) // num_steps * num_steps, num_steps))
    random.shuffle(starts)
    for i in range(0, len(starts) // batch_size * batch_size, batch_size):
        chosen = starts[i:i + batch_size]
        yield ([array("i", corpus[at:at + num_steps]) for at in chosen],
               [array("i", corpus[at + 1:at + 1 + num_steps]) for at in chosen])


def sequential_batches(corpus, batch_size, num_steps):
    offset = random.randint(0, num_steps)
    columns = (len(corpus) - offset - 1) // batch_size
    first = range(offset, offset + batch_size * columns, columns)
    xs = [array("i", corpus[at:at + columns]) for at in first]
    ys = [array("i", corpus[at + 1:at + 1 + columns]) for at in first]
    for i in range(0, columns // num_steps * num_steps, num_steps):
        yield [x[i:i + num_steps] for x in xs], [y[i:i + num_steps] for y in ys]


def main():
    tokens, batch_size, num_steps = map(int, sys.argv[1:])
    corpus = [random.randint(0, 100_000) for _ in range(tokens)]
    for batches in (random_batches, sequential_batches):
        start = time.perf_counter()
        read = sum(2 * len(x) * num_steps for x, _ in batches(corpus, batch_size, num_steps))
        print(read / (time.perf_counter() - start))


main()
