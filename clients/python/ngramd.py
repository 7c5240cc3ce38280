"""A client of ngramd in one file. It needs Python 3.9 or later and NumPy, and nothing else.

    from ngramd import Client, load_data_time_machine

    corpus = Client("http://127.0.0.1:3000").upload("timemachine", "timemachine.txt")
    corpus.probability("the time", "traveller")["probability"]

    data_iter, vocab = load_data_time_machine(batch_size=32, num_steps=35)
    for x, y in data_iter:          # int32 arrays of 32 x 35, a new epoch with each loop
        ...
"""

import io
import json
import pathlib
import random
import time
import uuid
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode, urljoin
from urllib.request import Request, urlopen

import numpy

__all__ = ["Client", "Corpus", "Problem", "SeqDataLoader", "Vocab", "load_data_time_machine"]

DEFAULT_ADDRESS = "http://127.0.0.1:3000"

#: The most tokens of x in one page of minibatches that this client asks for: some 2 MB.
PAGE_TOKENS = 2**18


class Problem(Exception):
    """An error of the service: `status`, `type`, `title`, `detail`, and `errors` with a pointer to each invalid field."""

    def __init__(self, status, problem):
        super().__init__(problem.get("detail") or problem.get("title") or f"status {status}")
        self.status = status
        self.type = problem.get("type")
        self.title = problem.get("title")
        self.detail = problem.get("detail")
        self.errors = problem.get("errors", [])


class Client:
    """A service, and the key that it is asked with, if it has keys.

    Requests that are refused for lack of capacity (429, 503) or fail on the way are repeated up to `retries` times, after
    the time that the service names. Uploads can be repeated safely: the service counts a text once.
    """

    def __init__(self, address=DEFAULT_ADDRESS, key=None, timeout=600, retries=4):
        self.address = address.rstrip("/")
        self.key = key
        self.timeout = timeout
        self.retries = retries

    def corpus(self, name):
        """A corpus by its name, which need not exist yet."""
        return Corpus(self, name)

    def corpora(self):
        """The descriptions of all corpora, one after the other."""
        return self.items("/v1/corpora")

    def samples(self):
        """The texts that come with the service."""
        return self.json("GET", "/v1/samples")["items"]

    def create_sample(self, sample, **settings):
        """Makes a corpus of a sample, unless it exists, and returns it."""
        return Corpus(self, self.json("POST", f"/v1/samples/{quote(sample)}", settings)["name"])

    def upload(self, name, text, **settings):
        """Creates a corpus from a text and returns it; if it exists with the same text and settings, nothing changes.

        `text` is a path, which is sent as it is read, or the text itself as bytes. Settings: tokenizer, order, sequences,
        blank_lines, locale, vocabulary_min_count. A title and a date of the text can be given too.
        """
        self.json("PUT", f"/v1/corpora/{quote(name)}", settings, _text(text), "text/plain")
        return Corpus(self, name)

    def items(self, path, **query):
        """The items of a list, page by page."""
        query.setdefault("limit", 1000)
        while True:
            page = self.json("GET", path, query)
            yield from page["items"]
            if "next_cursor" not in page:
                return
            query["cursor"] = page["next_cursor"]

    def json(self, method, path, query=None, body=None, content_type=None):
        """Sends a request and returns its JSON answer. A body that is neither bytes nor a path is sent as JSON."""
        if body is not None and not isinstance(body, (bytes, pathlib.Path)):
            body, content_type = json.dumps(body).encode(), "application/json"
        answer, _ = self.request(method, path, query, body, content_type)
        return json.loads(answer) if answer else None

    def request(self, method, path, query=None, body=None, content_type=None, accept="application/json"):
        """Sends a request and returns the answer's bytes and headers. Raises Problem."""
        url = urljoin(self.address, path)
        if query:
            fields = {name: _written(value) for name, value in query.items() if value is not None}
            url += ("&" if "?" in url else "?") + urlencode(fields)
        headers = {"Accept": accept}
        if content_type is not None:
            headers["Content-Type"] = content_type
        if self.key is not None:
            headers["Authorization"] = f"Bearer {self.key}"
        if method == "POST" and path.endswith(("/corpora", "/documents")):
            headers["Idempotency-Key"] = str(uuid.uuid4())
        for attempt in range(self.retries + 1):
            wait = min(2**attempt, 30)
            try:
                return self._once(Request(url, None, headers, method=method), body)
            except HTTPError as error:
                if error.code not in (429, 503) or attempt == self.retries:
                    raise _problem(error) from None
                wait = float(error.headers.get("Retry-After", wait))
            except URLError:
                if attempt == self.retries:
                    raise
            time.sleep(wait)

    def _once(self, request, body):
        if isinstance(body, pathlib.Path):
            with body.open("rb") as file:
                request.add_header("Content-Length", str(body.stat().st_size))
                return self._sent(request, file)
        return self._sent(request, body)

    def _sent(self, request, body):
        request.data = body
        with urlopen(request, timeout=self.timeout) as answer:
            return answer.read(), answer.headers


class Corpus:
    """A corpus of a service. Answers are dictionaries, as in the service's API."""

    def __init__(self, client, name):
        self.client = client
        self.name = name
        self.path = f"/v1/corpora/{quote(name)}"

    def info(self):
        """Its settings and sizes."""
        return self.client.json("GET", self.path)

    def add(self, text, id=None, **labels):
        """Adds a document: a path, or bytes. With an id, repeating it changes nothing. Labels: title, date."""
        method, path = ("POST", "/documents") if id is None else ("PUT", f"/documents/{quote(id)}")
        return self.client.json(method, self.path + path, labels, _text(text), "text/plain")

    def probability(self, context, word, **query):
        """P(word | context): estimator=…, its parameters, order=…, explain=True."""
        return self.client.json("GET", self.path + "/probability", {"context": context, "word": word, **query})

    def continuations(self, context="", k=10, **query):
        """The k most probable next words."""
        query = {"context": context, "k": k, **query}
        return self.client.json("GET", self.path + "/continuations", query)["continuations"]

    def score(self, texts, **options):
        """The joint probability of each text."""
        return self.client.json("POST", self.path + "/score", None, {"texts": list(texts), **options})["results"]

    def generate(self, prompt="", **options):
        """A text sampled from the model: max_tokens, temperature, top_k, top_p, seed, estimator."""
        return self.client.json("POST", self.path + "/generate", None, {"prompt": prompt, **options})["text"]

    def ngrams(self, order=1):
        """Its n-grams by falling count."""
        return self.client.items(self.path + "/ngrams", order=order)

    def vocabulary(self):
        """Its tokens by id, with their counts."""
        return self.client.items(self.path + "/vocabulary")

    def batches(self, batch_size, num_steps, **query):
        """The minibatches of one epoch: pairs of int32 arrays x and y of batch_size x num_steps token ids.

        strategy="random" or "sequential", seed, epoch, max_tokens, min_freq, rank, world_size.
        """
        limit = max(1, PAGE_TOKENS // (batch_size * num_steps))
        path, query = self.path + "/batches", {"batch_size": batch_size, "num_steps": num_steps, "limit": limit, **query}
        while path is not None:
            page, headers = self.client.request("GET", path, query, accept="application/x-npy")
            for x, y in numpy.load(io.BytesIO(page)):
                yield x, y
            path, query = _next(headers.get("Link")), None


class Vocab:
    """The vocabulary of a corpus, in the shape of the one of Dive into Deep Learning."""

    def __init__(self, corpus):
        rows = list(corpus.vocabulary())
        #: An embedding of this many rows has one for each id.
        self._length = corpus.info()["token_ids"]
        self.token_to_idx = {row["token"]: row["id"] for row in rows}
        self.idx_to_token = {row["id"]: row["token"] for row in rows}
        self.token_freqs = sorted(((row["token"], row["count"]) for row in rows), key=lambda pair: -pair[1])

    def __len__(self):
        return self._length

    def __getitem__(self, tokens):
        if not isinstance(tokens, (list, tuple)):
            return self.token_to_idx.get(tokens, self.unk)
        return [self[token] for token in tokens]

    def to_tokens(self, indices):
        if hasattr(indices, "__len__"):
            return [self.to_tokens(index) for index in indices]
        return self.idx_to_token.get(int(indices), "<unk>")

    @property
    def unk(self):
        return 0


class SeqDataLoader:
    """Iterates over the minibatches of a corpus; each loop over it is a new epoch."""

    def __init__(self, batch_size, num_steps, use_random_iter, max_tokens, corpus=None, seed=None):
        self.corpus = Client().corpus("timemachine") if corpus is None else corpus
        self.batch_size, self.num_steps = batch_size, num_steps
        self.strategy = "random" if use_random_iter else "sequential"
        self.max_tokens = max_tokens if max_tokens > 0 else None
        self.seed = random.randrange(2**31) if seed is None else seed
        self.epoch = 0
        self.vocab = Vocab(self.corpus)

    def __iter__(self):
        epoch, self.epoch = self.epoch, self.epoch + 1
        query = {"strategy": self.strategy, "seed": self.seed, "epoch": epoch, "max_tokens": self.max_tokens}
        return self.corpus.batches(self.batch_size, self.num_steps, **query)


def load_data_time_machine(
    batch_size, num_steps, use_random_iter=False, max_tokens=10000, corpus=None, seed=None
):
    """The iterator and the vocabulary of The Time Machine, of which a corpus `timemachine` must exist, or of `corpus`."""
    data_iter = SeqDataLoader(batch_size, num_steps, use_random_iter, max_tokens, corpus, seed)
    return data_iter, data_iter.vocab


def _text(text):
    return text if isinstance(text, bytes) else pathlib.Path(text)


def _written(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _next(link):
    """The path of the next page, from a Link header."""
    if link is None or 'rel="next"' not in link:
        return None
    return link[link.index("<") + 1 : link.index(">")]


def _problem(error):
    body = error.read()
    try:
        problem = json.loads(body)
    except ValueError:
        problem = {"title": body.decode(errors="replace")[:1000]}
    return Problem(error.code, problem)
