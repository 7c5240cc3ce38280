"""The chapter's two iterators over minibatches, written from their definition. Prints tokens per second of each."""

import random
import sys
import time


def random_batches(corpus, batch_size, num_steps):
    corpus = corpus[random.randint(0, num_steps - 1):]
    starts = list(range(0, (len(corpus) - 1) // num_steps * num_steps, num_steps))
    random.shuffle(starts)
    for i in range(0, len(starts) // batch_size * batch_size, batch_size):
        chosen = starts[i:i + batch_size]
        yield ([corpus[at:at + num_steps] for at in chosen],
               [corpus[at + 1:at + 1 + num_steps] for at in chosen])


def sequential_batches(corpus, batch_size, num_steps):
    offset = random.randint(0, num_steps)
    columns = (len(corpus) - offset - 1) // batch_size
    xs = [corpus[offset + row * columns:offset + (row + 1) * columns] for row in range(batch_size)]
    ys = [corpus[offset + 1 + row * columns:offset + 1 + (row + 1) * columns] for row in range(batch_size)]
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
