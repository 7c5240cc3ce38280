// Generated from the OpenAPI document by `npm run openapi`.

export interface paths {
    "/v1/corpora": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the corpora that the caller may read */
        get: operations["listCorpora"];
        put?: never;
        /**
         * Create a corpus
         * @description Creates a corpus from the texts in the body, all or nothing. A JSON body without `text` creates an empty corpus, or with `mixture` a mixture of the models of other corpora.
         */
        post: operations["createCorpus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a corpus: its settings and sizes */
        get: operations["getCorpus"];
        /**
         * Create a corpus under this name
         * @description Like createCorpus, and safe to repeat: sending the same texts with the same settings again changes nothing (200). A mixture is replaced by one with other parts or weights.
         */
        put: operations["putCorpus"];
        post?: never;
        /** Delete a corpus permanently */
        delete: operations["deleteCorpus"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the documents of a corpus in the order in which they were added */
        get: operations["listDocuments"];
        put?: never;
        /**
         * Add a document
         * @description The server chooses the id. A form with several files adds a document for each, all or nothing, and returns `items`. `application/x-ndjson` or `application/jsonl`, also as a file of a form: a document per line, a JSON object with its text in `field` and, if it has one, its id in `id_field`; up to 250,000 of them, all or nothing, with lines of up to 16 MiB. Blank lines are skipped. The response has their number, and a line that is not a document refuses all of them.
         */
        post: operations["addDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/documents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the metadata of a document */
        get: operations["getDocument"];
        /**
         * Add a document under this id
         * @description Safe to repeat: sending the same text again, with the same title and date if they are given, changes nothing (200).
         */
        put: operations["putDocument"];
        post?: never;
        /**
         * Delete a document
         * @description Afterwards the corpus is as if the document had never been added, except that the ids of words stay and the version grows: its counts are removed, and so are words that no other document has; later documents move up in the token stream.
         */
        delete: operations["deleteDocument"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/samples": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The texts that come with the service */
        get: operations["listSamples"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/samples/{sample}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a corpus of a sample
         * @description As if the text were uploaded, and safe to repeat: if the corpus exists with this text and these settings, nothing changes (200).
         */
        post: operations["createSampleCorpus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/score": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The joint probability and perplexity of texts
         * @description JSON: up to 10,000 texts or hypotheses, 4 MiB, ranked by `log_probability` or `total`; with `per_token` they may have 100,000 tokens in total. `text/plain`: one text per line, of up to 16 MiB each; the response streams back as NDJSON `{line, version, tokens, …}`, one record per line, while the lines are being received; if the body breaks off after that, so does the response. With `per_token` the list of a long line is sent in pieces of about 1 MiB: records `{line, version, per_token, continued: true}`, and finally the record with the totals and the rest of the list. `application/x-ndjson`: one document per line, a JSON object whose `field` is its text of any number of lines, answered as the lines are; blank lines are skipped. A text that cannot be read gets a `problem` in its place. In a corpus of lines each line is enclosed in `<s>` and `</s>`; a text in JSON may have several lines, of which blank ones are skipped, unless the corpus has `blank_lines=sentence`. A text without tokens has the `log_probability` 0 of no tokens or, in a corpus of lines, that of its `</s>`.
         */
        post: operations["scoreTexts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/percentiles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Percentiles of texts' perplexities
         * @description Of a sample, one text per line or NDJSON, as for `…/score`: the perplexities that these percentages of its texts do not exceed, which can be the `cutoffs` of `…/score`. At most 100,000 texts; those without tokens are left out.
         */
        post: operations["getPercentiles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/tune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The parameters that give a held-out text the lowest perplexity
         * @description Of a mixture, its weights, by expectation maximization on at most 1,000,000 tokens: `mixture` of the answer can be sent to create it anew, and nothing is changed. Otherwise tunes `epsilon` of laplace, `k` of additive, `lambda` of jelinek-mercer and `discount` of absolute-discounting by the DIRECT algorithm (dividing rectangles), and returns the parameters of the request if it finds no better ones. At most 100,000 tokens.
         */
        post: operations["tuneParameters"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/arpa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The model as an ARPA file
         * @description Streamed, from one version of the corpus; the same file each time; compressed for clients that accept gzip. For estimators that are back-off models: modified-kneser-ney, kneser-ney, absolute-discounting, witten-bell, and laplace up to order 2. `prune`, `vocabulary` and `prune_entropy` make it smaller, one after the other.
         */
        get: operations["getArpa"];
        put?: never;
        /**
         * The model as an ARPA file with these words
         * @description As the GET request, without the n-grams that have words which are not in the list, as by `lmplz --limit_vocab_file`. `<unk>`, `<s>` and `</s>` are always kept; words that the corpus does not have are ignored.
         */
        post: operations["getLimitedArpa"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the backups of the corpora that the caller may back up, newest first */
        get: operations["listBackups"];
        put?: never;
        /**
         * Back up all corpora that the caller may back up
         * @description In a job: one corpus after the other. If one fails, the others are backed up nevertheless; the job then fails, and its result names those that failed.
         */
        post: operations["createBackups"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/backups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the backups of a corpus, newest first
         * @description Those of a corpus that was deleted or found damaged are listed, too.
         */
        get: operations["listCorpusBackups"];
        put?: never;
        /**
         * Back up a corpus
         * @description Copies one version of the corpus to a file in the folder `backups` of the data folder, and checks the copy. It blocks neither readers nor writers.
         */
        post: operations["createBackup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/backups/{backup}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The file of a backup
         * @description A SQLite file, as it is on disk. A download that was interrupted is continued with `Range` and `If-Range`.
         */
        get: operations["getBackup"];
        put?: never;
        post?: never;
        /** Delete a backup */
        delete: operations["deleteBackup"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/backups/{backup}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a backup, under its own or another name
         * @description The file is checked before anything is changed. A corpus that is replaced answers until then, and uploads to it that are in progress fail.
         */
        post: operations["restoreBackup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List uploads and backups in progress or recently ended, newest first, of the corpora that the caller may read */
        get: operations["listJobs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The progress and the result of an upload or of backups
         * @description Only the last 1,000 jobs that have ended are kept, for an hour. With STORE=clickhouse, jobs are found at every process, and a job whose process has died has failed. Otherwise they are kept in memory and do not survive a restart. Committed changes are in the corpus in any case.
         */
        get: operations["getJob"];
        put?: never;
        post?: never;
        /**
         * Cancel a job: nothing of an upload is added to the corpus
         * @description An upload that is being committed, or has ended, cannot be cancelled (409). Backups that were made stay.
         */
        delete: operations["cancelJob"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/jobs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a job, as server-sent events
         * @description Sends an event `progress` with the job when it has changed, at most a few times per second, and finally `end` with the ended job. If the stream closes without `end`, request it again.
         */
        get: operations["followJob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Requests, jobs, memory, disk and backups at a glance
         * @description Figures of the process that answers, since it started; with STORE=clickhouse, jobs and corpora are those of all processes. `/metrics` has the same for Prometheus. Only the corpora that the key is for are named and counted. Sizes of files and times of backups are up to ten seconds old.
         */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a corpus from the file of a backup
         * @description The file is received completely and checked before anything is changed: its SHA-256, that it is the file of a corpus, its schema (files of older versions are migrated), and that it is intact.
         */
        post: operations["restoreFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/probability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The probability of a word after a context */
        get: operations["getProbability"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/probabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The probabilities of up to 10,000 words after contexts
         * @description An invalid query gets a `problem` in its place; the others are answered.
         */
        post: operations["getProbabilities"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/continuations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The k most probable next words, or the words before
         * @description Exact: the same as sorting the whole vocabulary by probability, ties by vocabulary id. With `side=left` the words that stand directly before the context in the corpus, by their counts, found in its text: the probability is n(wh) / Σ n(vh) over all words v. In a corpus of lines `<s>` stands before the first word of a line. The smoothing methods are refused there, since they are made for the next word: their lower orders drop the oldest words of the context, and so the word itself.
         */
        get: operations["getContinuations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/concordance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A phrase in its contexts (KWIC)
         * @description Every occurrence of a phrase with the tokens before and after it, which belong to the same document. Occurrences may overlap. In a corpus of lines the context includes the `</s>` at the ends of lines. A word that the corpus does not have occurs 0 times.
         */
        get: operations["getConcordance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/collocates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The words near a word or phrase
         * @description Words that occur within a window on each side of the node, in the same document and the same line. The measures compare the tokens near the node with all tokens: with O the count, R the tokens near the node, C the occurrences of the word, N all tokens of the corpus and E = R C / N they are `pmi` = log₂(O/E), `t` = (O - E) / √O, `dice` = 2 O / (R + C), and `log_likelihood` = 2 Σ O ln(O/E) over the four cells of the contingency table (Evert 2008, surface co-occurrence). A token that is near two occurrences counts once.
         */
        get: operations["getCollocates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/vocabulary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the vocabulary by id
         * @description Ids never change. Reserved ids: 0 `<unk>`; with `sequences=line` also 1 `<s>` and 2 `</s>`. The new words of a document are numbered by decreasing count. Words that no remaining document contains are not listed; their ids stay reserved for them. A mixture lists the tokens of its parts, without counts; there, a token gets another id when a part that is named before those that have it gets it too, and the earlier id still stands for it.
         */
        get: operations["listVocabulary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/ngrams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the n-grams of one order, or those that match a pattern
         * @description By decreasing count, or by how strongly their words are associated; ties are ordered by the ids of their tokens. The measures are those of NLTK’s `BigramAssocMeasures`, from the counts n of the n-gram and of its words and the number N of all tokens: `pmi` = log₂(n(w1 w2) N / (n(w1) n(w2))), `log_likelihood` = 2 Σ O ln(O/E) over the four cells of the contingency table (Dunning 1993), `t` = (O - E) / √O, `dice` = 2 n(w1 w2) / (n(w1) + n(w2)). `pmi` and `t` are also defined for longer n-grams, with N^(k-1) and the product of k counts; `log_likelihood` and `dice` are defined for two words only. Rare pairs have the highest `pmi`: `min_count` leaves them out.
         */
        get: operations["listNGrams"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/keyness": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The keywords of a corpus, compared with another
         * @description With a and b the counts of a word in the corpus and in the reference, and c and d the numbers of their words: `log_likelihood` = 2 (a ln(a/E1) + b ln(b/E2)), where E1 = c (a + b) / (c + d) and E2 = d (a + b) / (c + d) (Rayson & Garside 2000), and `log_ratio` = log₂((a/c) / (b/d)), where a count of 0 counts as 0.5 (Hardie 2014). `min_count` applies to the corpus in which the word is more frequent. The key must be for both corpora.
         */
        get: operations["getKeyness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ngrams/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How frequent phrases are in several corpora, also year by year
         * @description Exact counts, divided by the number of words. Phrases that are longer than the order of a corpus are looked for in its text, and so are all of them by year. A phrase lies in one document and, in a corpus of lines, in one line. The key must be for all the corpora. As SVG it is a plot.
         */
        get: operations["comparePhrases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A page of minibatches
         * @description x is a batch_size × num_steps block of tokens, y the same shifted by one. Every page is a pure function of its parameters: any page at any time, in any order, nothing to keep or resume.
         */
        get: operations["getBatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/zipf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Zipf's law: frequency over rank, for each order
         * @description As SVG it is the log–log plot of the chapter.
         */
        get: operations["getZipf"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models in the form of OpenAI's API: the corpora that the caller may read */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A model in the form of OpenAI's API */
        get: operations["getModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models of a corpus in the form of OpenAI's API: with each estimator */
        get: operations["listModelsOfCorpus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A model of a corpus in the form of OpenAI's API */
        get: operations["getModelOfCorpus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/generate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sample a text from the model
         * @description Words that the corpus does not have are never generated; unknown words of the prompt are read as `<unk>` if the corpus counts it. With `stream` the response is `text/event-stream`: an event `token` {token, log_probability} for each token and finally `end`, with the response without `stream`, or `problem`.
         */
        post: operations["generateText"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/v1/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete prompts, as OpenAI's API does
         * @description `POST /v1/completions` of OpenAI's API, for its clients and for lm-evaluation-harness. With `echo` and `logprobs` the probability of each token of a prompt is listed, and the most probable words in its place; exactly `max_tokens` tokens follow unless the text ends earlier, which the mark of its end says. At most 100,000 tokens are generated and 100,000 log probabilities listed (tokens times logprobs + 1); a body has at most 50,000 values.
         */
        post: operations["completeWithCorpus"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete prompts, as OpenAI's API does
         * @description `POST /v1/completions` of OpenAI's API, for its clients and for lm-evaluation-harness. With `echo` and `logprobs` the probability of each token of a prompt is listed, and the most probable words in its place; exactly `max_tokens` tokens follow unless the text ends earlier, which the mark of its end says. At most 100,000 tokens are generated and 100,000 log probabilities listed (tokens times logprobs + 1); a body has at most 50,000 values.
         */
        post: operations["complete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/tokenizer_info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The corpus's tokenizer and its marks */
        get: operations["getTokenizerInfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/tokenize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The ids of the tokens of a text
         * @description The marks `<s>`, `</s>` and `<unk>` of a corpus of lines, and `<unk>` and `<|endoftext|>` of one of documents, are a token each where they stand alone between white space. In a corpus of lines, a line that has tokens ends with `</s>` at its line feed.
         */
        post: operations["tokenize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/corpora/{corpus}/detokenize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The text of the ids of tokens */
        post: operations["detokenize"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this service is, and its main addresses
         * @description Browsers get a page to work with.
         */
        get: operations["getRoot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The version of the service */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process is running */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the service is ready for requests and, if not, why */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of problems, which errors name as their type */
        get: operations["listProblems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The service's metrics, in Prometheus's format */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AbsoluteDiscountingEstimator: {
            /** @enum {string} */
            name: "absolute-discounting";
            /** @description The discount of order 1, 2, 3, … */
            discount: number[];
            /** @description The orders whose discounts are fixed, because they cannot be estimated from the counts of counts */
            fallback_orders?: number[];
        };
        AddedDocuments: {
            items: components["schemas"]["Document"][];
            /** @description In the answer to an upload: that the tokenizer reads few of the letters, if more than a tenth are in no token */
            note?: string;
        };
        /** @description What was added, if it was sent as NDJSON */
        AddedTotals: {
            /** @description The number of documents that were added */
            documents: number;
            tokens: number;
            /** @description Size of their texts */
            bytes: number;
            /** @description The corpus's version with which they were added */
            version: number;
            /** @description In the answer to an upload: that the tokenizer reads few of the letters, if more than a tenth are in no token */
            note?: string;
        };
        AdditiveEstimator: {
            /** @enum {string} */
            name: "additive";
            /** @description The number added to every count */
            k: number;
        };
        /** @description None: the model was read from an ARPA file */
        ArpaEstimator: {
            /** @enum {string} */
            name: "arpa";
        };
        BackoffLevel: {
            order: number;
            /** @description With `<unk>` in place of unknown words if the ARPA file lists it */
            ngram: string[];
            /** @description Whether the ARPA file lists the n-gram */
            listed: boolean;
            /** @description The back-off weight of the context, by which the probability of the next lower order is multiplied if the n-gram is not listed; null at order 1 */
            backoff: number | null;
            probability: number;
        };
        /** @description A copy of a corpus at one version */
        Backup: {
            /** @description The corpus that was copied, which may have been deleted since */
            corpus: string;
            /** @description Unique among the corpus's backups */
            name: string;
            /** @description The version of the corpus in it */
            version: number;
            /** @description Size of the file */
            bytes: number;
            /** @description Of the file; absent if the file was put in the folder by hand */
            sha256?: string;
            /** @description Whether the schedule made it, and deletes it */
            scheduled: boolean;
            /** @description Its path below the data folder */
            file: string;
            /** Format: date-time */
            created_at: string;
        };
        BackupStats: {
            /**
             * Format: date-time
             * @description When BACKUP_SCHEDULE makes backups next, if it is set
             */
            next_at?: string;
            /** @description The last backup of each corpus, the longest ago first; at most 100 */
            last: components["schemas"]["LastBackup"][];
        };
        /** @description A page of the list */
        BackupsPage: {
            items: components["schemas"]["Backup"][];
            /** @description Present if there are more items */
            next_cursor?: string;
        };
        Batch: components["schemas"]["IdBatch"] | components["schemas"]["TokenBatch"];
        /** @description A page of minibatches */
        Batches: components["schemas"]["BatchesOfIds"] | components["schemas"]["BatchesOfTokens"];
        BatchesOfIds: {
            /** @enum {string} */
            as: "ids";
            /** @enum {string} */
            strategy: "random" | "sequential";
            seed: number;
            epoch: number;
            /** @description The number of tokens skipped at the beginning */
            offset: number;
            batch_size: number;
            num_steps: number;
            /** @description In this epoch, for this worker */
            num_batches: number;
            /** @description T, the tokens that the epoch is made of */
            tokens: number;
            /** @description The highest token id + 1, the number of rows that an embedding needs */
            token_ids: number;
            version: number;
            /** @description Why there are no batches, if `num_batches` is 0 */
            note?: string;
            batches: components["schemas"]["IdBatch"][];
            /** @description The path and query of the next page */
            next: string | null;
            /** @description The `start` of the next page, whose `max_tokens` is `tokens`; its other parameters are the same */
            next_start: number | null;
        };
        BatchesOfTokens: {
            /** @enum {string} */
            as: "tokens";
            /** @enum {string} */
            strategy: "random" | "sequential";
            seed: number;
            epoch: number;
            /** @description The number of tokens skipped at the beginning */
            offset: number;
            batch_size: number;
            num_steps: number;
            /** @description In this epoch, for this worker */
            num_batches: number;
            /** @description T, the tokens that the epoch is made of */
            tokens: number;
            /** @description The highest token id + 1, the number of rows that an embedding needs */
            token_ids: number;
            version: number;
            /** @description Why there are no batches, if `num_batches` is 0 */
            note?: string;
            batches: components["schemas"]["TokenBatch"][];
            /** @description The path and query of the next page */
            next: string | null;
            /** @description The `start` of the next page, whose `max_tokens` is `tokens`; its other parameters are the same */
            next_start: number | null;
        };
        /** @enum {string} */
        BlankLinesName: "skip" | "sentence";
        Check: {
            name: string;
            ok: boolean;
            detail: string;
        };
        Collocate: {
            word: string;
            /** @description How many of its occurrences are near the node */
            count: number;
            /** @description How many are near it and before it */
            left: number;
            /** @description How many are near it and after it */
            right: number;
            /** @description How often the word occurs in the corpus */
            occurrences: number;
            /** @description Pointwise mutual information, in bits */
            pmi?: number;
            /** @description Dunning's log-likelihood ratio */
            log_likelihood?: number;
            /** @description Student's t */
            t?: number;
            /** @description Dice's coefficient */
            dice?: number;
        };
        /** @enum {string} */
        CollocateSort: "count" | "pmi" | "log_likelihood" | "t" | "dice";
        /** @description A page of the list */
        CollocatesPage: {
            version: number;
            /** @description The tokens of the node */
            node: string[];
            /** @description How often the node occurs */
            hits: number;
            /** @description How many tokens are near one of its occurrences */
            near: number;
            /** @description The number of words that are listed, on all pages */
            total: number;
            items: components["schemas"]["Collocate"][];
            /** @description Present if there are more items */
            next_cursor?: string;
        };
        ComparedCorpus: {
            name: string;
            version: number;
            /** @description The number of words, without the marks of lines */
            words: number;
            undated?: components["schemas"]["UndatedDocuments"];
        };
        /** @description How frequent the phrases are */
        Comparison: {
            per: components["schemas"]["FrequencyUnit"];
            corpora: components["schemas"]["ComparedCorpus"][];
            /** @description Phrase by phrase, corpus by corpus, year by year */
            items: components["schemas"]["PhraseFrequency"][];
        };
        /** @description The completions */
        Completion: {
            id: string;
            /** @enum {string} */
            object: "text_completion";
            /** @description When, in seconds since 1970 */
            created: number;
            model: string;
            /** @description The corpus, the estimator and the version of the corpus; of a mixture, also the versions of its parts */
            system_fingerprint: string;
            choices: components["schemas"]["CompletionChoice"][];
            usage: components["schemas"]["CompletionUsage"];
        };
        CompletionChoice: {
            /** @description It continues the prompt, with the space before it if there is one */
            text: string;
            index: number;
            logprobs: components["schemas"]["CompletionLogprobs"] | null;
            /** @enum {string} */
            finish_reason: "stop" | "length";
        };
        /** @description A part of the completions */
        CompletionChunk: {
            id: string;
            /** @enum {string} */
            object: "text_completion";
            /** @description When, in seconds since 1970 */
            created: number;
            model: string;
            /** @description The corpus, the estimator and the version of the corpus; of a mixture, also the versions of its parts */
            system_fingerprint: string;
            choices: components["schemas"]["CompletionChunkChoice"][];
            usage?: components["schemas"]["CompletionUsage"] | null;
        };
        CompletionChunkChoice: {
            /** @description It continues the prompt, with the space before it if there is one */
            text: string;
            index: number;
            logprobs: components["schemas"]["CompletionLogprobs"] | null;
            /** @enum {string|null} */
            finish_reason: "stop" | "length" | null;
        };
        CompletionEvent: components["schemas"]["CompletionChunk"] | components["schemas"]["OpenAiError"];
        /** @description The tokens with their log probabilities, natural logarithms; -9999 stands for that of 0 */
        CompletionLogprobs: {
            tokens: string[];
            token_logprobs: number[];
            top_logprobs: {
                [key: string]: number;
            }[];
            /** @description Where each token begins in the prompt and its completion, in code points */
            text_offset: number[];
        };
        /** @description Fields that are not listed here are ignored */
        CompletionRequest: {
            /**
             * @description The name of a corpus, or `corpus:estimator`; the estimator is modified-kneser-ney by default. Under a corpus it may be left out
             * @example timemachine
             * @example timemachine:witten-bell
             */
            model?: string | null;
            /** @description What to complete: a text, the ids of its tokens, or a list of texts or of lists of ids. In a corpus of lines it begins a line, and each line feed ends one */
            prompt?: string | (string | number | number[])[] | null;
            /** @description Maximum number of tokens of each completion. Default 16 */
            max_tokens?: number | null;
            /** @description The number of completions of each prompt. Default 1 */
            n?: number | null;
            /** @description The number of completions from which the n most probable ones are chosen. Default n */
            best_of?: number | null;
            /** @description Whether the prompt is part of the text */
            echo?: boolean | null;
            /** @description The number of most probable words listed for each token, in addition to the token itself; with `echo` also for those of the prompt */
            logprobs?: number | null;
            /** @description The text ends before the first of these */
            stop?: string | string[] | null;
            /** @description Whether to send the completions token by token, as server-sent events */
            stream?: boolean | null;
            stream_options?: {
                /** @description Whether `usage` is sent at the end */
                include_usage?: boolean | null;
            } | null;
            /** @description As in `…/generate`; at 0 the most probable word is chosen. Default 1 */
            temperature?: number | null;
            /** @description As in `…/generate` */
            top_p?: number | null;
            /** @description As in `…/generate`; not above 0: all words */
            top_k?: number | null;
            /** @description The same request with the same seed returns the same texts; the next of n has the next seed */
            seed?: number | null;
            /** @description Must be empty: texts are only continued */
            suffix?: string | null;
            /** @description Must be 0 */
            frequency_penalty?: number | null;
            /** @description Must be 0 */
            presence_penalty?: number | null;
            /** @description Must be empty */
            logit_bias?: Record<string, never> | null;
        };
        CompletionUsage: {
            prompt_tokens: number;
            completion_tokens: number;
            total_tokens: number;
        };
        ConcordanceLine: {
            /** @description The id of the document */
            document: string;
            /** @description The number of tokens before the occurrence in the document */
            position: number;
            /** @description The tokens before it */
            left: string[];
            /** @description The phrase */
            hit: string[];
            /** @description The tokens after it */
            right: string[];
        };
        /** @description A page of the list */
        ConcordancePage: {
            version: number;
            /** @description The tokens of `q` */
            phrase: string[];
            /** @description How often the phrase occurs in the corpus */
            total: number;
            items: components["schemas"]["ConcordanceLine"][];
            /** @description Present if there are more items */
            next_cursor?: string;
        };
        Continuation: {
            word: string;
            probability: number;
            /** @description n(hw), how often the word follows the context (with side=left n(wh), how often it precedes it), or the adjusted count that Kneser–Ney uses instead; absent in a corpus without counts */
            count?: number;
        };
        /** @description The words, most probable first */
        Continuations: {
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            /** @description The tokens that were used */
            context: string[];
            /** @description With side=left, how often a word precedes the context */
            total?: number;
            continuations: components["schemas"]["Continuation"][];
            /** @description Why there are none, or what of the context is in no token */
            note?: string;
            /** @description Present if there are more words */
            next_cursor?: string;
        };
        /** @description A part of the list of a long line */
        ContinuedLine: {
            /** @description The number of the line, from 1 */
            line: number;
            /** @description The id of the document */
            id?: string | number;
            /** @description The corpus's version */
            version: number;
            /** @description Of a mixture: the versions of its parts, in their order */
            part_versions?: number[];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            per_token: components["schemas"]["TokenScore"][];
            /** @enum {boolean} */
            continued: true;
        };
        /** @description A page of the list */
        CorporaPage: {
            items: components["schemas"]["Corpus"][];
            /** @description Present if there are more items */
            next_cursor?: string;
        };
        CorporaStats: {
            count: number;
            /** @description The size of all corpora, in bytes */
            bytes: number;
            /** @description The size of the temporary files of uploads and merges, in bytes */
            temporary_bytes: number;
            /** @description The 100 largest, the largest first */
            largest: components["schemas"]["CorpusSize"][];
            /** @description The corpora that were found damaged and set aside */
            damaged: string[];
        };
        /** @description A corpus: its settings and sizes */
        Corpus: {
            name: string;
            /** @description What the corpus is made of: texts, which are counted; counts without a text; or an ARPA file, whose model answers */
            kind: components["schemas"]["CorpusKind"];
            tokenizer: components["schemas"]["TokenizerName"];
            order: number;
            sequences: components["schemas"]["SequencesName"];
            /** @description With `sequences=line` */
            blank_lines?: components["schemas"]["BlankLinesName"];
            /** @description Present if one was chosen, in canonical form */
            locale?: string;
            /** @description With `tokenizer=jieba`: the dictionary by which Chinese words are found */
            dictionary?: string;
            /** @description Present if the vocabulary was closed by a list: its SHA-256, decompressed as it was sent; of a list in JSON, that of its words, each followed by a line feed */
            vocabulary_sha256?: string;
            /** @description Present if the vocabulary was closed to the words that occurred at least this many times in the first texts */
            vocabulary_min_count?: number;
            /** @description With `tokenizer=ids`: how many ids there are; of a `tokenizer.json`, the highest + 1 */
            vocabulary_ids?: number;
            /** @description With `tokenizer=huggingface`: the SHA-256 of the `tokenizer.json`, decompressed as it was sent */
            tokenizer_sha256?: string;
            /** @description Of a mixture: its parts */
            mixture?: components["schemas"]["MixedCorpus"][];
            /** @description Grows by one with each committed change */
            version: number;
            documents: number;
            /** @description n */
            tokens: number;
            /** @description m, the number of distinct tokens; 0 for a mixture, whose tokens are those of its parts */
            vocabulary_size: number;
            /** @description The highest token id + 1, the number of rows that an embedding needs: reserved tokens, and tokens of documents that were removed, keep their ids. Of a mixture, only the ids that do not depend on its parts */
            token_ids: number;
            /** @description The number of distinct n-grams of each order, and the sum of their counts; of an ARPA file, the number of n-grams that it lists, and 0 */
            ngrams: components["schemas"]["NGramTotals"][];
            /** @description Size of the uploaded texts */
            bytes: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            /** @description In the answer to an upload: that the tokenizer reads few of the letters, if more than a tenth are in no token */
            note?: string;
        };
        /** @enum {string} */
        CorpusKind: "text" | "counts" | "arpa" | "mixture";
        CorpusSize: {
            name: string;
            bytes: number;
        };
        CreateCorpusForm: {
            /** @description The title of the text, or of each of them */
            title?: string;
            /**
             * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
             * @example timemachine
             */
            name?: string;
            /** @description The name of a tokenizer, as a field; or a file before the texts, the `tokenizer.json` of a tokenizer of Hugging Face, up to 48 MiB, also compressed with gzip */
            tokenizer?: string;
            /** @description N, the length of the longest n-grams that are counted. Default: 3 */
            order?: number;
            /** @description The boundaries that n-grams do not cross: `document`, or `line`, where each line that is not blank is enclosed in `<s>` and `</s>`. Default: document */
            sequences?: components["schemas"]["SequencesName"];
            /**
             * @description With `sequences=line`: a line without tokens is nothing (`skip`, the default) or a sentence of its own, `<s> </s>`, as for KenLM's `lmplz` (`sentence`)
             * @enum {string}
             */
            blank_lines?: "skip" | "sentence";
            /** @description For `unicode`: the language of the texts as a BCP 47 tag, whose rules apply to word boundaries and lower-casing. With `tr`, `İ` becomes `i` and `I` becomes `ı`. Without it, rules that suit most languages apply */
            locale?: string;
            /** @description Closes the vocabulary to the words that occur at least this many times in these texts: every other word, also of texts that are added later, is counted as `<unk>` */
            vocabulary_min_count?: number;
            /** @description With `tokenizer=ids`, where it is required: the number of ids, which range from 0 to one less, such as 50257 for those of GPT-2 */
            vocabulary_ids?: number;
            /**
             * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
             * @example 1895
             */
            date?: string;
            /** @description NDJSON: the field that has the text of a document. Default `text` */
            field?: string;
            /** @description NDJSON: the field that has its id, a string or an integer. Default `id`; where a document has none, the server chooses it */
            id_field?: string;
            /** @description NDJSON: the field that has its title. Without it, none is read */
            title_field?: string;
            /** @description NDJSON: the field that has its date. Without it, none is read */
            date_field?: string;
            /** @description Closes the vocabulary to these words: every other word, also of texts that are added later, is counted as `<unk>`. A file or field before the texts with a word on each line, up to 8 MiB, also compressed with gzip */
            vocabulary?: string;
            /** @description One or more texts, after all other fields: files or fields, also compressed with gzip */
            file: string[];
        };
        CreateCorpusRequest: {
            /** @description The title of the text, or of each of them */
            title?: string;
            /**
             * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
             * @example timemachine
             */
            name?: string;
            /** @description `word`: runs of A–Z and a–z, lower-cased; `char`: letters and single spaces; `unicode`: words of any language (UAX #29), in NFC, lower-cased; `whitespace`: splits at white space and changes nothing; `jieba`: as `unicode`, with Chinese words by the dictionary of jieba; `gpt2`, `cl100k_base`, `o200k_base`: subwords of tiktoken, with their ids; `huggingface`: subwords of a `tokenizer.json` of Hugging Face, which is a part of the form, with their ids; `ids`: ids of tokens, in decimal, with white space or commas between them */
            tokenizer?: components["schemas"]["TokenizerName"];
            /** @description N, the length of the longest n-grams that are counted */
            order?: number;
            /** @description The boundaries that n-grams do not cross: `document`, or `line`, where each line that is not blank is enclosed in `<s>` and `</s>` */
            sequences?: components["schemas"]["SequencesName"];
            /**
             * @description With `sequences=line`: a line without tokens is nothing (`skip`, the default) or a sentence of its own, `<s> </s>`, as for KenLM's `lmplz` (`sentence`)
             * @enum {string}
             */
            blank_lines?: "skip" | "sentence";
            /** @description For `unicode`: the language of the texts as a BCP 47 tag, whose rules apply to word boundaries and lower-casing. With `tr`, `İ` becomes `i` and `I` becomes `ı`. Without it, rules that suit most languages apply */
            locale?: string;
            /** @description Closes the vocabulary to the words that occur at least this many times in these texts: every other word, also of texts that are added later, is counted as `<unk>` */
            vocabulary_min_count?: number;
            /** @description With `tokenizer=ids`, where it is required: the number of ids, which range from 0 to one less, such as 50257 for those of GPT-2 */
            vocabulary_ids?: number;
            /**
             * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
             * @example 1895
             */
            date?: string;
            /**
             * @description Closes the vocabulary to these words: every other word, also of texts that are added later, is counted as `<unk>`
             * @example [
             *       "the",
             *       "time",
             *       "machine"
             *     ]
             */
            vocabulary?: string[];
            /** @description Instead of texts: the corpora whose models are mixed, which have the same tokenizer and sequences, with weights that add up to 1. Each has its own `order` and `estimator` with its parameters, by default its highest order and `modified-kneser-ney`; a corpus from an ARPA file has none. The key must be for all of them */
            mixture?: components["schemas"]["MixturePart"][];
            /**
             * @description The text, in UTF-8
             * @example the time traveller smiled
             *     the time machine stood still
             */
            text?: string;
        };
        /** @description Fields that are not listed here are ignored */
        DetokenizeRequest: {
            /** @description The ids of tokens */
            tokens: number[];
        };
        DetokenizedText: {
            prompt: string;
        };
        /** @description The disk of the data folder, if the store is on this machine */
        DiskStats: {
            free_bytes: number;
            total_bytes: number;
        };
        /** @description An uploaded text of a corpus */
        Document: {
            /** @description Present if one was given */
            title?: string;
            id: string;
            tokens: number;
            bytes: number;
            /** @description Of the text's bytes */
            sha256: string;
            /** @description The corpus's version with which it was added */
            version: number;
            /** Format: date-time */
            created_at: string;
            /** @description When it was written, if that was given: a year, a month or a day */
            date?: string;
            /** @description In the answer to an upload: that the tokenizer reads few of the letters, if more than a tenth are in no token */
            note?: string;
        };
        DocumentForm: {
            /** @description The title of the text, or of each of them */
            title?: string;
            /**
             * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
             * @example 1895
             */
            date?: string;
            file: string[];
        };
        DocumentText: {
            /** @description The title of the text, or of each of them */
            title?: string;
            text: string;
            /**
             * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
             * @example 1895
             */
            date?: string;
        };
        DocumentsForm: {
            /** @description The title of the text, or of each of them */
            title?: string;
            /**
             * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
             * @example 1895
             */
            date?: string;
            /** @description NDJSON: the field that has the text of a document. Default `text` */
            field?: string;
            /** @description NDJSON: the field that has its id, a string or an integer. Default `id`; where a document has none, the server chooses it */
            id_field?: string;
            /** @description NDJSON: the field that has its title. Without it, none is read */
            title_field?: string;
            /** @description NDJSON: the field that has its date. Without it, none is read */
            date_field?: string;
            file: string[];
        };
        /** @description A page of the list */
        DocumentsPage: {
            version: number;
            items: components["schemas"]["Document"][];
            /** @description Present if there are more items */
            next_cursor?: string;
        };
        /** @description The estimator and its parameters */
        Estimator: components["schemas"]["LaplaceEstimator"] | components["schemas"]["MleEstimator"] | components["schemas"]["AdditiveEstimator"] | components["schemas"]["JelinekMercerEstimator"] | components["schemas"]["WittenBellEstimator"] | components["schemas"]["AbsoluteDiscountingEstimator"] | components["schemas"]["KneserNeyEstimator"] | components["schemas"]["ModifiedKneserNeyEstimator"] | components["schemas"]["StupidBackoffEstimator"] | components["schemas"]["ArpaEstimator"] | components["schemas"]["MixtureEstimator"];
        /** @enum {string} */
        EstimatorName: "laplace" | "mle" | "additive" | "jelinek-mercer" | "witten-bell" | "absolute-discounting" | "kneser-ney" | "modified-kneser-ney" | "stupid-backoff";
        FailedBackup: {
            corpus: string;
            problem: components["schemas"]["Problem"];
        };
        FailedJob: {
            id: string;
            /** @enum {string} */
            operation: "create-corpus" | "add-documents" | "create-backups";
            /** @description Absent if it makes backups of all corpora */
            corpus?: string;
            /** @description Of the request that began it, as in the log; `schedule` for backups by BACKUP_SCHEDULE */
            request_id: string;
            /**
             * @description Nothing of an upload was added; `result` has the backups that were made
             * @enum {string}
             */
            state: "failed" | "cancelled";
            /** @description Bytes of the text received so far, after decompression, or of the backups made so far */
            bytes: number;
            /** @description The size of the text, if the request declared it, or of the corpora to back up */
            total_bytes?: number;
            /** @description Tokens received so far */
            tokens: number;
            /** @description Tokens counted so far */
            counted_tokens: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            result?: components["schemas"]["JobResult"];
            problem: components["schemas"]["Problem"];
        };
        FieldError: {
            /** @description JSON pointer into the request, which is {path, query, headers, body} */
            pointer: string;
            detail: string;
        };
        /** @enum {string} */
        FrequencyUnit: "million" | "thousand" | "hundred";
        GenerateEvent: {
            /** @enum {string} */
            event: "token";
            data: components["schemas"]["GeneratedToken"];
        } | {
            /** @enum {string} */
            event: "end";
            data: components["schemas"]["GeneratedText"];
        } | {
            /** @enum {string} */
            event: "problem";
            data: components["schemas"]["Problem"];
        };
        GenerateRequest: {
            /** @description The text to continue. In a corpus of lines it begins a line; if empty, a new text begins */
            prompt?: string;
            /** @description Maximum number of tokens. Default: 50 */
            max_tokens?: number;
            /** @description Each probability is raised to the power 1 / temperature: values below 1 favour probable words; at 0 the most probable word is chosen. Default: 1 */
            temperature?: number;
            /** @description Sample from the k most probable words only, and those as probable as the last of them */
            top_k?: number;
            /** @description Sample only from the most probable words that together have this share of the probability, after temperature and top_k, and those as probable as the last of them */
            top_p?: number;
            /** @description The same request with the same seed returns the same text. Without it, a seed is chosen and returned */
            seed?: number;
            /** @description Whether to send the tokens one by one, as server-sent events. Default: false */
            stream?: boolean;
            /**
             * @description The base of the logarithms in the response; without it they are natural
             * @enum {integer}
             */
            log_base?: 2 | 10;
            /** @description The model's order, at most the corpus's; by default the corpus's */
            order?: number;
            /** @description How counts become probabilities. Default modified-kneser-ney; a corpus that is not made of counts takes none */
            estimator?: components["schemas"]["EstimatorName"];
            /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
            min_version?: number;
            /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
            epsilon?: number[];
            /** @description additive: the number added to every count. Default 1 */
            k?: number;
            /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
            lambda?: number[];
            /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
            discount?: number[];
            /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
            alpha?: number;
        };
        /** @description The text */
        GeneratedText: {
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            seed: number;
            /** @description The tokens of the prompt */
            prompt: string[];
            tokens: string[];
            /** @description The tokens, joined */
            text: string;
            /** @description Of the tokens under the model, whatever the sampling; to base e or `log_base` */
            log_probability: number;
            /**
             * @description `length`: max_tokens were generated; `stop`: `</s>` was generated; `no_continuation`: the estimator defines no probability after this context
             * @enum {string}
             */
            finish_reason: "length" | "stop" | "no_continuation";
        };
        GeneratedToken: {
            token: string;
            log_probability: number;
        };
        /** @description The process is running */
        Health: {
            /** @enum {string} */
            status: "ok";
        };
        IdBatch: {
            /** @description The batch's place in the epoch */
            index: number;
            x: number[][];
            y: number[][];
        };
        IndexInMemory: {
            corpus: string;
            /** @description The version of the corpus that it is of */
            version: number;
            bytes: number;
        };
        IndexStats: {
            /** @description The memory of all indexes, in bytes */
            bytes: number;
            /** @description INDEX_MEMORY_BYTES, in bytes */
            limit_bytes: number;
            /** @description The number of indexes evicted to make room for others */
            evictions: number;
            /** @description The corpora whose index is being built */
            building: string[];
            /** @description The indexes in memory, the most recently used first */
            items: components["schemas"]["IndexInMemory"][];
        };
        JelinekMercerEstimator: {
            /** @enum {string} */
            name: "jelinek-mercer";
            /** @description The weight of order 1, 2, 3, … */
            lambda: number[];
        };
        /** @description An upload, or the making of backups, in progress or ended */
        Job: components["schemas"]["JobInProgress"] | components["schemas"]["SucceededJob"] | components["schemas"]["FailedJob"];
        JobEvent: {
            /** @enum {string} */
            event: "progress";
            data: components["schemas"]["Job"];
        } | {
            /** @enum {string} */
            event: "end";
            data: components["schemas"]["SucceededJob"] | components["schemas"]["FailedJob"];
        };
        JobInProgress: {
            id: string;
            /** @enum {string} */
            operation: "create-corpus" | "add-documents" | "create-backups";
            /** @description Absent if it makes backups of all corpora */
            corpus?: string;
            /** @description Of the request that began it, as in the log; `schedule` for backups by BACKUP_SCHEDULE */
            request_id: string;
            /**
             * @description `receiving`: the text is being received and tokenized; `copying`: backups are being made; `waiting`: for other changes of the corpus; `counting`; `merging`: the counts of a very long text; `committing`: too late to cancel
             * @enum {string}
             */
            state: "receiving" | "copying" | "waiting" | "counting" | "merging" | "committing";
            /** @description Bytes of the text received so far, after decompression, or of the backups made so far */
            bytes: number;
            /** @description The size of the text, if the request declared it, or of the corpora to back up */
            total_bytes?: number;
            /** @description Tokens received so far */
            tokens: number;
            /** @description Tokens counted so far */
            counted_tokens: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        /** @description What the job added or made */
        JobResult: {
            /** @description The status of the response without `respond-async` */
            status: number;
            /** @description The URL of the corpus, of the document or, for several documents, of their list */
            location: string;
            /** @description The corpus, or the document if there is one only */
            body?: components["schemas"]["Corpus"] | components["schemas"]["Document"];
            /** @description The number of documents, if there are several */
            documents?: number;
            /** @description The number of backups that were made */
            backups?: number;
            /** @description The corpora that could not be backed up, at most 100 of them */
            failures?: components["schemas"]["FailedBackup"][];
        };
        /** @description The numbers of jobs that `GET /v1/jobs` lists */
        JobStats: {
            in_progress: number;
            succeeded: number;
            failed: number;
            cancelled: number;
        };
        /** @description A page of the list */
        JobsPage: {
            items: components["schemas"]["Job"][];
            /** @description Present if there are more items */
            next_cursor?: string;
        };
        /** @description A page of the list */
        KeynessPage: {
            version: number;
            /** @description The number of all its words, without the marks of lines */
            words: number;
            reference: components["schemas"]["KeynessReference"];
            /** @description The number of words that are listed, on all pages */
            total: number;
            items: components["schemas"]["Keyword"][];
            /** @description Present if there are more items */
            next_cursor?: string;
        };
        KeynessReference: {
            name: string;
            version: number;
            /** @description The number of all its words, without the marks of lines */
            words: number;
        };
        /** @enum {string} */
        KeynessSort: "log_likelihood" | "log_ratio";
        Keyword: {
            word: string;
            count: number;
            /** @description How often the word occurs in the reference */
            reference_count: number;
            log_likelihood: number;
            /** @description The binary logarithm of the ratio of the relative frequencies: 1 is twice as frequent as in the reference */
            log_ratio: number;
        };
        KneserNeyEstimator: {
            /** @enum {string} */
            name: "kneser-ney";
            /** @description For order 1, 2, 3, …: the discount */
            discounts: number[][];
            /** @description The orders whose discounts are fixed, because they cannot be estimated from the counts of counts */
            fallback_orders?: number[];
        };
        LaplaceEstimator: {
            /** @enum {string} */
            name: "laplace";
            /** @description ε of order 1, 2, 3, … */
            epsilon: number[];
        };
        LastBackup: {
            corpus: string;
            /**
             * Format: date-time
             * @description Absent if it has none, although there is a schedule
             */
            created_at?: string;
        };
        LimitedArpaForm: {
            /** @description The words, one per line, in UTF-8, up to 8 MiB, also compressed with gzip: a file or a field, and nothing else */
            vocabulary: string;
        };
        LimitedArpaRequest: {
            /** @description The words; n-grams with other words are left out */
            vocabulary: string[];
        };
        LineProblem: {
            /** @description The number of the line, from 1 */
            line: number;
            /** @description The id of the document */
            id?: string | number;
            /** @description The corpus's version */
            version: number;
            /** @description Of a mixture: the versions of its parts, in their order */
            part_versions?: number[];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            problem: components["schemas"]["Problem"];
        };
        LineScore: {
            /** @description The number of the line, from 1 */
            line: number;
            /** @description The id of the document */
            id?: string | number;
            /** @description The corpus's version */
            version: number;
            /** @description Of a mixture: the versions of its parts, in their order */
            part_versions?: number[];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            /** @description The number of tokens scored; `</s>` counts as one */
            tokens: number;
            /** @description Of the whole text, to base e or `log_base`; null if a probability is 0 or undefined */
            log_probability: number | null;
            /** @description The base of the logarithms to the power of -log_probability / tokens */
            perplexity: number | null;
            /** @description The perplexity without the words that the corpus does not have */
            perplexity_in_vocabulary: number | null;
            /** @description The number of tokens that the corpus does not have as written. They are scored as `<unk>` if the corpus counts a literal `<unk>` */
            out_of_vocabulary: number;
            /**
             * @description With `cutoffs`; `tail` if there is no perplexity
             * @enum {string}
             */
            bucket?: "head" | "middle" | "tail";
            against?: components["schemas"]["OtherLineScore"];
            /** @description With `against`: (its log_probability − log_probability) / tokens (Moore & Lewis 2010). The lower, the more the text is like those of the corpus, and the less like those of the other. Null if it is not finite, or there are no tokens */
            cross_entropy_difference?: number | null;
            per_token?: components["schemas"]["TokenScore"][];
        };
        MixedCorpus: {
            /** @description The name of the corpus */
            corpus: string;
            weight: number;
            /** @description The model's order, at most the corpus's; by default the corpus's */
            order?: number;
            /** @description How counts become probabilities */
            estimator?: components["schemas"]["EstimatorName"];
            /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
            epsilon?: number[];
            /** @description additive: the number added to every count. Default 1 */
            k?: number;
            /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
            lambda?: number[];
            /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
            discount?: number[];
            /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
            alpha?: number;
        };
        MixedModel: {
            /** @description The name of the corpus */
            corpus: string;
            weight: number;
            /** @description The version of the corpus */
            version: number;
            order: number;
            /** @description As that of an answer of the corpus itself */
            estimator: {
                name: string;
            } & {
                [key: string]: unknown;
            };
        };
        /** @description The linear mixture of these models */
        MixtureEstimator: {
            /** @enum {string} */
            name: "mixture";
            /** @description The models that are mixed, in their order */
            parts: components["schemas"]["MixedModel"][];
        };
        MixturePart: {
            /** @description The name of the corpus */
            corpus: string;
            weight: number;
            /** @description The model's order, at most the corpus's; by default the corpus's */
            order?: number;
            /** @description How counts become probabilities */
            estimator?: components["schemas"]["EstimatorName"];
            /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
            epsilon?: number[];
            /** @description additive: the number added to every count. Default 1 */
            k?: number;
            /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
            lambda?: number[];
            /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
            discount?: number[];
            /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
            alpha?: number;
        };
        /** @description Of a mixture: the best weights */
        MixtureTuning: {
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            /** @description The number of tokens that the figures include */
            tokens: number;
            /** @description The number of tokens that no part has */
            out_of_vocabulary: number;
            /** @description The weight of each part; they add up to 1 */
            weights: number[];
            /** @description Of the held-out text, natural */
            log_probability: number | null;
            /** @description Of the held-out text; null if its probability is 0 */
            perplexity: number | null;
            /** @description The number of steps of expectation maximization */
            steps: number;
            before: components["schemas"]["WeightsBefore"];
            /** @description Of a mixture: its parts */
            mixture?: components["schemas"]["MixedCorpus"][];
        };
        MleEstimator: {
            /** @enum {string} */
            name: "mle";
        };
        Model: {
            /** @description The corpus, or `corpus:estimator` */
            id: string;
            /** @enum {string} */
            object: "model";
            /** @description When the corpus was created, in seconds since 1970 */
            created: number;
            owned_by: string;
        };
        ModelList: {
            /** @enum {string} */
            object: "list";
            data: components["schemas"]["Model"][];
        };
        ModifiedKneserNeyEstimator: {
            /** @enum {string} */
            name: "modified-kneser-ney";
            /** @description For order 1, 2, 3, …: the discounts of the counts 1, 2, and 3 and more */
            discounts: number[][];
            /** @description The orders whose discounts are fixed, because they cannot be estimated from the counts of counts */
            fallback_orders?: number[];
        };
        NGram: {
            rank: number;
            ngram: string[];
            count: number;
            /** @description Pointwise mutual information, in bits */
            pmi?: number;
            /** @description Dunning's log-likelihood ratio */
            log_likelihood?: number;
            /** @description Student's t */
            t?: number;
            /** @description Dice's coefficient */
            dice?: number;
        };
        /** @enum {string} */
        NGramSort: "count" | "pmi" | "log_likelihood" | "t" | "dice";
        NGramTotals: {
            order: number;
            distinct: number;
            total: number;
        };
        /** @description A page of the list */
        NGramsPage: {
            version: number;
            order: number;
            /** @description With a pattern, or sorted by a measure: the number of n-grams that are listed, on all pages */
            total?: number;
            items: components["schemas"]["NGram"][];
            /** @description Present if there are more items */
            next_cursor?: string;
        };
        /** @description A problem that lists the conditions of readiness */
        NotReady: {
            title: string;
            type: components["schemas"]["ProblemType"];
            status: number;
            /** @description What is wrong, and what was expected */
            detail: string;
            /** @description The request's id, as in the log */
            instance: string;
            errors?: components["schemas"]["FieldError"][];
            /** @description The conditions of readiness, and whether each holds */
            checks: components["schemas"]["Check"][];
        };
        /** @description An error in the form of OpenAI's API */
        OpenAiError: {
            error: {
                /** @description What is wrong, and what was expected */
                message: string;
                type: string;
                /** @description The kind of problem */
                code: string;
                /** @description The invalid field */
                param: string | null;
            };
        };
        /** @description With `against`: the version of its corpus, and its score */
        OtherLineScore: {
            /** @description The corpus's version */
            version: number;
            /** @description Of a mixture: the versions of its parts, in their order */
            part_versions?: number[];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            /** @description The number of tokens scored; `</s>` counts as one */
            tokens: number;
            /** @description Of the whole text, to base e or `log_base`; null if a probability is 0 or undefined */
            log_probability: number | null;
            /** @description The base of the logarithms to the power of -log_probability / tokens */
            perplexity: number | null;
            /** @description The perplexity without the words that the corpus does not have */
            perplexity_in_vocabulary: number | null;
            /** @description The number of tokens that the corpus does not have as written. They are scored as `<unk>` if the corpus counts a literal `<unk>` */
            out_of_vocabulary: number;
        };
        /** @description The model that the texts are scored against */
        OtherModel: {
            /** @description The name of its corpus */
            name: string;
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
        };
        /** @description With `against`: the score of its model */
        OtherScore: {
            /** @description The number of tokens scored; `</s>` counts as one */
            tokens: number;
            /** @description Of the whole text, to base e or `log_base`; null if a probability is 0 or undefined */
            log_probability: number | null;
            /** @description The base of the logarithms to the power of -log_probability / tokens */
            perplexity: number | null;
            /** @description The perplexity without the words that the corpus does not have */
            perplexity_in_vocabulary: number | null;
            /** @description The number of tokens that the corpus does not have as written. They are scored as `<unk>` if the corpus counts a literal `<unk>` */
            out_of_vocabulary: number;
        };
        /** @description The model that the texts are scored against, and its totals */
        OtherSummary: {
            /** @description The name of its corpus */
            name: string;
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            /** @description The number of tokens scored; `</s>` counts as one */
            tokens: number;
            /** @description Of the whole text, to base e or `log_base`; null if a probability is 0 or undefined */
            log_probability: number | null;
            /** @description The base of the logarithms to the power of -log_probability / tokens */
            perplexity: number | null;
            /** @description The perplexity without the words that the corpus does not have */
            perplexity_in_vocabulary: number | null;
            /** @description The number of tokens that the corpus does not have as written. They are scored as `<unk>` if the corpus counts a literal `<unk>` */
            out_of_vocabulary: number;
        };
        Percentile: {
            percentile: number;
            /** @description Between two texts by linear interpolation; null if it is not finite */
            perplexity: number | null;
        };
        /** @description The percentiles */
        Percentiles: {
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            /** @description The number of texts that have tokens */
            texts: number;
            percentiles: components["schemas"]["Percentile"][];
        };
        PhraseFrequency: {
            phrase: string;
            corpus: string;
            /** @description By year */
            year?: number;
            /** @description How often the phrase occurs */
            count: number;
            /** @description The number of words among which it does */
            words: number;
            /** @description The count per million words, or what `per` is; null if there are no words */
            frequency: number | null;
        };
        PoolStats: {
            name: string;
            /** @description The number of threads that it may have */
            max_threads: number;
            /** @description The number of threads that it has */
            threads: number;
            /** @description The number of threads that have a task */
            busy_threads: number;
            /** @description The number of tasks that wait for a thread */
            queued_tasks: number;
        };
        /** @description A result for each query, in their order */
        Probabilities: {
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            results: (components["schemas"]["ProbabilityResult"] | components["schemas"]["ProblemInPlace"])[];
        };
        ProbabilitiesRequest: {
            queries: components["schemas"]["ProbabilityQuery"][];
            /** @description The model's order, at most the corpus's; by default the corpus's */
            order?: number;
            /** @description How counts become probabilities. Default laplace; a corpus that is not made of counts takes none */
            estimator?: components["schemas"]["EstimatorName"];
            /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
            min_version?: number;
            /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
            epsilon?: number[];
            /** @description additive: the number added to every count. Default 1 */
            k?: number;
            /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
            lambda?: number[];
            /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
            discount?: number[];
            /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
            alpha?: number;
            /** @description Whether to return the counts of every order. Default: false */
            explain?: boolean;
            /**
             * @description The base of the logarithms in the response; without it they are natural
             * @enum {integer}
             */
            log_base?: 2 | 10;
        };
        /** @description P(word | context) */
        Probability: {
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            /** @description The tokens that were used */
            context: string[];
            word: string;
            /** @description Whether the corpus has the word as written. If not, and the corpus counts a literal `<unk>`, the probability is that of `<unk>`; unknown words of the context are then read as `<unk>` too */
            in_vocabulary: boolean;
            probability: number | null;
            /** @description To base e or `log_base`; null if the probability is 0 or null */
            log_probability: number | null;
            /** @description Why there is no probability, or what of the context is in no token */
            note?: string;
            /** @description With `explain`: every order, highest first */
            levels?: components["schemas"]["ProbabilityLevel"][];
            /** @description With `explain`, in a mixture instead of `levels`: its parts, in their order */
            parts?: components["schemas"]["ProbabilityPart"][];
            /** @description With `explain`, in a corpus of an ARPA file instead of `levels`: every order, highest first */
            backoff_levels?: components["schemas"]["BackoffLevel"][];
        };
        ProbabilityLevel: {
            order: number;
            /** @description The n-gram whose count this is: with `<unk>` in place of unknown words if the corpus counts it */
            ngram: string[];
            /** @description n(hw), or the adjusted count that Kneser–Ney uses instead */
            count: number;
            /** @description n(h·), how often the context is followed by any word: the sum of these counts */
            context_count: number;
            probability: number | null;
        };
        ProbabilityPart: {
            corpus: string;
            weight: number;
            /** @description Whether this corpus has the word */
            in_vocabulary: boolean;
            /** @description In this part; 0 if another part has the word and this one does not */
            probability: number | null;
        };
        /**
         * @description A query that has an estimator or parameters of its own uses none of those that apply to all
         * @example {
         *       "context": "the time",
         *       "word": "traveller"
         *     }
         */
        ProbabilityQuery: {
            /**
             * @description The text before the word; it is tokenized as the corpus is, and its last tokens are used
             * @example the time
             */
            context?: string;
            /**
             * @description The word: exactly one token
             * @example traveller
             */
            word: string;
            /** @description The model's order, at most the corpus's; by default the corpus's */
            order?: number;
            /** @description How counts become probabilities */
            estimator?: components["schemas"]["EstimatorName"];
            /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
            epsilon?: number[];
            /** @description additive: the number added to every count. Default 1 */
            k?: number;
            /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
            lambda?: number[];
            /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
            discount?: number[];
            /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
            alpha?: number;
        };
        /** @description With `estimator` if the query has an estimator, an order or parameters of its own */
        ProbabilityResult: {
            /** @description The tokens that were used */
            context: string[];
            word: string;
            /** @description Whether the corpus has the word as written. If not, and the corpus counts a literal `<unk>`, the probability is that of `<unk>`; unknown words of the context are then read as `<unk>` too */
            in_vocabulary: boolean;
            probability: number | null;
            /** @description To base e or `log_base`; null if the probability is 0 or null */
            log_probability: number | null;
            /** @description Why there is no probability, or what of the context is in no token */
            note?: string;
            /** @description With `explain`: every order, highest first */
            levels?: components["schemas"]["ProbabilityLevel"][];
            /** @description With `explain`, in a mixture instead of `levels`: its parts, in their order */
            parts?: components["schemas"]["ProbabilityPart"][];
            /** @description With `explain`, in a corpus of an ARPA file instead of `levels`: every order, highest first */
            backoff_levels?: components["schemas"]["BackoffLevel"][];
            estimator?: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
        };
        /** @description An error (RFC 9457) */
        Problem: {
            title: string;
            type: components["schemas"]["ProblemType"];
            status: number;
            /** @description What is wrong, and what was expected */
            detail: string;
            /** @description The request's id, as in the log */
            instance: string;
            errors?: components["schemas"]["FieldError"][];
        };
        ProblemInPlace: {
            problem: components["schemas"]["Problem"];
        };
        ProblemKind: {
            title: string;
            type: components["schemas"]["ProblemType"];
            status: number;
        };
        /** @description Each kind */
        ProblemKinds: {
            items: components["schemas"]["ProblemKind"][];
        };
        /** @enum {string} */
        ProblemType: "/problems#invalid-request" | "/problems#invalid-text" | "/problems#empty-text" | "/problems#upload-cut-off" | "/problems#unauthorized" | "/problems#forbidden" | "/problems#not-found" | "/problems#corpus-not-found" | "/problems#document-not-found" | "/problems#job-not-found" | "/problems#backup-not-found" | "/problems#method-not-allowed" | "/problems#not-acceptable" | "/problems#request-timeout" | "/problems#corpus-exists" | "/problems#no-counts" | "/problems#no-text" | "/problems#other-kind" | "/problems#part-missing" | "/problems#document-exists" | "/problems#cancelled" | "/problems#job-not-cancellable" | "/problems#content-too-large" | "/problems#vocabulary-too-large" | "/problems#unsupported-media-type" | "/problems#range-not-satisfiable" | "/problems#expectation-failed" | "/problems#invalid-backup" | "/problems#idempotency-key-reused" | "/problems#too-many-requests" | "/problems#headers-too-large" | "/problems#corpus-damaged" | "/problems#corpus-unreadable" | "/problems#schema-too-new" | "/problems#backups-incomplete" | "/problems#internal" | "/problems#not-supported" | "/problems#unavailable" | "/problems#store-unavailable" | "/problems#corpus-busy" | "/problems#index-not-ready" | "/problems#index-too-large" | "/problems#too-many-corpora" | "/problems#disk-full";
        ProcessStats: {
            pid: number;
            /** @description The version of Node.js */
            node: string;
            /**
             * Format: date-time
             * @description When the process started
             */
            started_at: string;
            uptime_seconds: number;
            /** @description The processor time of all threads */
            cpu_seconds: number;
            /** @description The memory of the process, in bytes */
            rss_bytes: number;
            /** @description The memory of the main thread's objects, in bytes */
            heap_bytes: number;
            /** @description The memory of the main thread's buffers, in bytes */
            buffer_bytes: number;
        };
        PutCorpusForm: {
            /** @description The title of the text, or of each of them */
            title?: string;
            /** @description The name of a tokenizer, as a field; or a file before the texts, the `tokenizer.json` of a tokenizer of Hugging Face, up to 48 MiB, also compressed with gzip */
            tokenizer?: string;
            /** @description N, the length of the longest n-grams that are counted. Default: 3 */
            order?: number;
            /** @description The boundaries that n-grams do not cross: `document`, or `line`, where each line that is not blank is enclosed in `<s>` and `</s>`. Default: document */
            sequences?: components["schemas"]["SequencesName"];
            /**
             * @description With `sequences=line`: a line without tokens is nothing (`skip`, the default) or a sentence of its own, `<s> </s>`, as for KenLM's `lmplz` (`sentence`)
             * @enum {string}
             */
            blank_lines?: "skip" | "sentence";
            /** @description For `unicode`: the language of the texts as a BCP 47 tag, whose rules apply to word boundaries and lower-casing. With `tr`, `İ` becomes `i` and `I` becomes `ı`. Without it, rules that suit most languages apply */
            locale?: string;
            /** @description Closes the vocabulary to the words that occur at least this many times in these texts: every other word, also of texts that are added later, is counted as `<unk>` */
            vocabulary_min_count?: number;
            /** @description With `tokenizer=ids`, where it is required: the number of ids, which range from 0 to one less, such as 50257 for those of GPT-2 */
            vocabulary_ids?: number;
            /**
             * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
             * @example 1895
             */
            date?: string;
            /** @description NDJSON: the field that has the text of a document. Default `text` */
            field?: string;
            /** @description NDJSON: the field that has its id, a string or an integer. Default `id`; where a document has none, the server chooses it */
            id_field?: string;
            /** @description NDJSON: the field that has its title. Without it, none is read */
            title_field?: string;
            /** @description NDJSON: the field that has its date. Without it, none is read */
            date_field?: string;
            /** @description Closes the vocabulary to these words: every other word, also of texts that are added later, is counted as `<unk>`. A file or field before the texts with a word on each line, up to 8 MiB, also compressed with gzip */
            vocabulary?: string;
            /** @description One or more texts, after all other fields: files or fields, also compressed with gzip */
            file: string[];
        };
        PutCorpusRequest: {
            /** @description The title of the text, or of each of them */
            title?: string;
            /** @description `word`: runs of A–Z and a–z, lower-cased; `char`: letters and single spaces; `unicode`: words of any language (UAX #29), in NFC, lower-cased; `whitespace`: splits at white space and changes nothing; `jieba`: as `unicode`, with Chinese words by the dictionary of jieba; `gpt2`, `cl100k_base`, `o200k_base`: subwords of tiktoken, with their ids; `huggingface`: subwords of a `tokenizer.json` of Hugging Face, which is a part of the form, with their ids; `ids`: ids of tokens, in decimal, with white space or commas between them */
            tokenizer?: components["schemas"]["TokenizerName"];
            /** @description N, the length of the longest n-grams that are counted */
            order?: number;
            /** @description The boundaries that n-grams do not cross: `document`, or `line`, where each line that is not blank is enclosed in `<s>` and `</s>` */
            sequences?: components["schemas"]["SequencesName"];
            /**
             * @description With `sequences=line`: a line without tokens is nothing (`skip`, the default) or a sentence of its own, `<s> </s>`, as for KenLM's `lmplz` (`sentence`)
             * @enum {string}
             */
            blank_lines?: "skip" | "sentence";
            /** @description For `unicode`: the language of the texts as a BCP 47 tag, whose rules apply to word boundaries and lower-casing. With `tr`, `İ` becomes `i` and `I` becomes `ı`. Without it, rules that suit most languages apply */
            locale?: string;
            /** @description Closes the vocabulary to the words that occur at least this many times in these texts: every other word, also of texts that are added later, is counted as `<unk>` */
            vocabulary_min_count?: number;
            /** @description With `tokenizer=ids`, where it is required: the number of ids, which range from 0 to one less, such as 50257 for those of GPT-2 */
            vocabulary_ids?: number;
            /**
             * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
             * @example 1895
             */
            date?: string;
            /**
             * @description Closes the vocabulary to these words: every other word, also of texts that are added later, is counted as `<unk>`
             * @example [
             *       "the",
             *       "time",
             *       "machine"
             *     ]
             */
            vocabulary?: string[];
            /** @description Instead of texts: the corpora whose models are mixed, which have the same tokenizer and sequences, with weights that add up to 1. Each has its own `order` and `estimator` with its parameters, by default its highest order and `modified-kneser-ney`; a corpus from an ARPA file has none. The key must be for all of them */
            mixture?: components["schemas"]["MixturePart"][];
            /**
             * @description The text, in UTF-8
             * @example the time traveller smiled
             *     the time machine stood still
             */
            text?: string;
        };
        /** @description Ready */
        Readiness: {
            /** @enum {string} */
            status: "ok";
            /** @description The conditions of readiness, and whether each holds */
            checks: components["schemas"]["Check"][];
        };
        /** @description Percentiles are estimated from a histogram, as Prometheus's `histogram_quantile` does it; they are at most 60 s */
        RequestStats: {
            method: string;
            /** @description Its path, or `unmatched` for all paths without a route */
            route: string;
            /** @description The number of answers */
            count: number;
            /** @description The number of answers with each status; 499 if the caller disconnected first */
            statuses: {
                [key: string]: number;
            };
            /** @description The mean time until the end of an answer, in seconds */
            mean: number;
            /** @description The time that half of the answers do not exceed, in seconds */
            p50: number;
            /** @description The time that 90 percent do not exceed, in seconds */
            p90: number;
            /** @description The time that 99 percent do not exceed, in seconds */
            p99: number;
        };
        Sample: {
            title: string;
            name: string;
            author: string;
            year: number;
            /** @description A BCP 47 tag */
            language: string;
            description: string;
            /** @description The package of npm that the text was taken from */
            source: string;
            bytes: number;
        };
        /** @description The samples */
        SampleList: {
            items: components["schemas"]["Sample"][];
        };
        ScoreRecord: components["schemas"]["LineScore"] | components["schemas"]["ContinuedLine"] | components["schemas"]["LineProblem"];
        ScoreRequest: {
            /** @description Texts; or hypotheses, such as an n-best list. With any hypothesis, `lm_weight` or `word_penalty` each result has a `total` and is ranked by it */
            texts: (string | {
                text: string;
                /** @description The log probability of another model, such as the acoustic one's, to the same base. All texts have one, or none; without, it is 0 */
                acoustic?: number;
            })[];
            /** @description The model's order, at most the corpus's; by default the corpus's */
            order?: number;
            /** @description How counts become probabilities */
            estimator?: components["schemas"]["EstimatorName"];
            /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
            min_version?: number;
            /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
            epsilon?: number[];
            /** @description additive: the number added to every count. Default 1 */
            k?: number;
            /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
            lambda?: number[];
            /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
            discount?: number[];
            /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
            alpha?: number;
            /** @description In a corpus of lines, whether `<s>` precedes each line. By default it does */
            bos?: boolean;
            /** @description In a corpus of lines, whether `</s>` is scored at the end of each line. By default it is */
            eos?: boolean;
            /** @description Whether to return each token's score too; not with `summary` */
            per_token?: boolean;
            /** @description Whether to return the totals only */
            summary?: boolean;
            /**
             * @description The base of the logarithms in the response; without it they are natural
             * @enum {integer}
             */
            log_base?: 2 | 10;
            /** @description Two perplexities, as in 312,591: each text gets a `bucket`, `head` below the first, `middle` below the second, otherwise `tail` */
            cutoffs?: number[];
            /** @description Another corpus, with the same tokenizer and sequences: each text is scored by its model too, and gets their `cross_entropy_difference`. An object with `corpus` may also have an `order`, an `estimator` and its parameters, which are otherwise as in the request */
            against?: string | {
                corpus: string;
                /** @description The model's order, at most the corpus's; by default the corpus's */
                order?: number;
                /** @description How counts become probabilities */
                estimator?: components["schemas"]["EstimatorName"];
                /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
                epsilon?: number[];
                /** @description additive: the number added to every count. Default 1 */
                k?: number;
                /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
                lambda?: number[];
                /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
                discount?: number[];
                /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
                alpha?: number;
            };
            /** @description The other model's estimator, with its default parameters. Without it, it is `estimator` with the same parameters */
            against_estimator?: components["schemas"]["EstimatorName"];
            /** @description The other model's order. By default `order` or, without that, the other corpus's */
            against_order?: number;
            /** @description What `log_probability` is multiplied by in `total`. Default 1 */
            lm_weight?: number;
            /** @description What is added to `total` for each token scored. Default 0 */
            word_penalty?: number;
        };
        /** @description With `summary`: the totals */
        ScoreSummary: {
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            /** @description The number of texts */
            texts: number;
            /** @description The number of tokens scored; `</s>` counts as one */
            tokens: number;
            /** @description Of the whole text, to base e or `log_base`; null if a probability is 0 or undefined */
            log_probability: number | null;
            /** @description The base of the logarithms to the power of -log_probability / tokens */
            perplexity: number | null;
            /** @description The perplexity without the words that the corpus does not have */
            perplexity_in_vocabulary: number | null;
            /** @description The number of tokens that the corpus does not have as written. They are scored as `<unk>` if the corpus counts a literal `<unk>` */
            out_of_vocabulary: number;
            against?: components["schemas"]["OtherSummary"];
            /** @description With `against`: (its log_probability − log_probability) / tokens (Moore & Lewis 2010). The lower, the more the text is like those of the corpus, and the less like those of the other. Null if it is not finite, or there are no tokens */
            cross_entropy_difference?: number | null;
        };
        /** @description The scores of texts */
        Scores: {
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            against?: components["schemas"]["OtherModel"];
            /** @description A result for each text, in their order */
            results: (components["schemas"]["TextScore"] | components["schemas"]["ProblemInPlace"])[];
        };
        /** @enum {string} */
        SequencesName: "document" | "line";
        /** @description What this service is, and its main addresses */
        ServiceInfo: {
            /** @enum {string} */
            name: "ngramd";
            version: string;
            description: string;
            /** @description Whether callers may have keys */
            has_keys: boolean;
            /** @description Paths of this server */
            links: {
                corpora: string;
                samples: string;
                docs: string;
                openapi: string;
                health: string;
                readiness: string;
                metrics: string;
                stats: string;
                version: string;
                problems: string;
            };
        };
        /** @description The figures */
        Stats: {
            /** @description The version of the service */
            version: string;
            /**
             * @description STORE
             * @enum {string}
             */
            store: "sqlite" | "clickhouse";
            process: components["schemas"]["ProcessStats"];
            /** @description Of each route and method that has been called, the most frequent first */
            requests: components["schemas"]["RequestStats"][];
            jobs: components["schemas"]["JobStats"];
            uploads: components["schemas"]["UploadStats"];
            indexes: components["schemas"]["IndexStats"];
            corpora: components["schemas"]["CorporaStats"];
            disk?: components["schemas"]["DiskStats"];
            backups?: components["schemas"]["BackupStats"];
            /** @description The pools of threads */
            pools: components["schemas"]["PoolStats"][];
        };
        StupidBackoffEstimator: {
            /** @enum {string} */
            name: "stupid-backoff";
            /** @description The factor applied at each lower order */
            alpha: number;
        };
        SucceededJob: {
            id: string;
            /** @enum {string} */
            operation: "create-corpus" | "add-documents" | "create-backups";
            /** @description Absent if it makes backups of all corpora */
            corpus?: string;
            /** @description Of the request that began it, as in the log; `schedule` for backups by BACKUP_SCHEDULE */
            request_id: string;
            /**
             * @description All of it was done
             * @enum {string}
             */
            state: "succeeded";
            /** @description Bytes of the text received so far, after decompression, or of the backups made so far */
            bytes: number;
            /** @description The size of the text, if the request declared it, or of the corpora to back up */
            total_bytes?: number;
            /** @description Tokens received so far */
            tokens: number;
            /** @description Tokens counted so far */
            counted_tokens: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            result: components["schemas"]["JobResult"];
        };
        TextScore: {
            /** @description The number of tokens scored; `</s>` counts as one */
            tokens: number;
            /** @description Of the whole text, to base e or `log_base`; null if a probability is 0 or undefined */
            log_probability: number | null;
            /** @description The base of the logarithms to the power of -log_probability / tokens */
            perplexity: number | null;
            /** @description The perplexity without the words that the corpus does not have */
            perplexity_in_vocabulary: number | null;
            /** @description The number of tokens that the corpus does not have as written. They are scored as `<unk>` if the corpus counts a literal `<unk>` */
            out_of_vocabulary: number;
            /** @description acoustic + lm_weight · log_probability + word_penalty · tokens; null if log_probability is */
            total?: number | null;
            /**
             * @description With `cutoffs`; `tail` if there is no perplexity
             * @enum {string}
             */
            bucket?: "head" | "middle" | "tail";
            against?: components["schemas"]["OtherScore"];
            /** @description With `against`: (its log_probability − log_probability) / tokens (Moore & Lewis 2010). The lower, the more the text is like those of the corpus, and the less like those of the other. Null if it is not finite, or there are no tokens */
            cross_entropy_difference?: number | null;
            /** @description 1 for the most probable text, or the highest `total`; equals share a rank */
            rank: number;
            per_token?: components["schemas"]["TokenScore"][];
        };
        Token: {
            id: number;
            token: string;
            /** @description Absent in a corpus without counts */
            count?: number;
        };
        TokenBatch: {
            /** @description The batch's place in the epoch */
            index: number;
            x: string[][];
            y: string[][];
        };
        TokenScore: {
            token: string;
            /** @description Given the preceding tokens */
            log_probability: number | null;
            /** @description Whether the corpus has the token as written */
            in_vocabulary: boolean;
            /** @description Length of the longest n-gram of the corpus that ends here, with `<unk>` in place of unknown tokens if it is counted; 0 for none */
            order: number;
        };
        /** @description Fields that are not listed here are ignored */
        TokenizeRequest: {
            /** @description The text */
            prompt: string;
            /** @description Whether the tokens begin with `bos_token`. Default: false */
            add_special_tokens?: boolean;
            /** @description Whether the tokens are returned in addition to their ids. Default: false */
            return_token_strs?: boolean;
        };
        TokenizedText: {
            /** @description The ids of the tokens; that of `<unk>` for words that the corpus does not have */
            tokens: number[];
            count: number;
            token_strs: string[] | null;
        };
        TokenizerInfo: {
            /** @description The corpus's tokenizer */
            tokenizer_class: string;
            /** @description The token that begins a text: in a corpus of documents it stands for the empty context */
            bos_token: string | null;
            /** @description The token that ends a text; in a corpus of documents that which begins the next */
            eos_token: string | null;
            /** @description The token that stands for words that the corpus does not have */
            unk_token: string | null;
            /** @description There is none */
            pad_token: string | null;
            /** @description There is none */
            chat_template: string | null;
        };
        /** @enum {string} */
        TokenizerName: "word" | "char" | "unicode" | "whitespace" | "jieba" | "gpt2" | "cl100k_base" | "o200k_base" | "huggingface" | "ids";
        TriedParameters: {
            parameters: components["schemas"]["TunedParameters"];
            /** @description Of the held-out text; null if its probability is 0 */
            perplexity: number | null;
        };
        TuneRequest: {
            /** @description The held-out text, which should not be part of the corpus */
            text: string;
            /** @description The model's order, at most the corpus's; by default the corpus's */
            order?: number;
            /** @description How counts become probabilities */
            estimator?: components["schemas"]["EstimatorName"];
            /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
            min_version?: number;
            /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
            epsilon?: number[];
            /** @description additive: the number added to every count. Default 1 */
            k?: number;
            /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
            lambda?: number[];
            /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
            discount?: number[];
            /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
            alpha?: number;
        };
        /** @description Those of the estimator */
        TunedParameters: {
            epsilon?: number[];
            k?: number;
            lambda?: number[];
            discount?: number[];
        };
        /** @description The estimator with the best parameters */
        Tuning: {
            /** @description The corpus's version */
            version: number;
            estimator: components["schemas"]["Estimator"];
            /**
             * @description Present if the estimator gives scores that do not add up to one
             * @enum {boolean}
             */
            normalized?: false;
            /** @description The number of tokens that the perplexities are computed from */
            tokens: number;
            /** @description The number of tokens that the corpus does not have; jelinek-mercer skips them unless the corpus counts `<unk>` */
            out_of_vocabulary: number;
            /** @description Of the held-out text; null if its probability is 0 */
            perplexity: number | null;
            /** @description The parameters that were tried, in order, beginning with those of the request */
            curve: components["schemas"]["TriedParameters"][];
        };
        /** @description By year: the documents without a date, which are in no year */
        UndatedDocuments: {
            documents: number;
            /** @description The number of their words, without the marks of lines */
            words: number;
        };
        UploadStats: {
            in_progress: number;
            /** @description The number of changes that wait for others of the same corpus */
            waiting: number;
            /** @description The texts received, after decompression, in bytes */
            received_bytes: number;
            /** @description The number of documents committed */
            documents: number;
            /** @description The number of their tokens */
            tokens: number;
        };
        /** @description The version */
        Version: {
            /** @enum {string} */
            name: "ngramd";
            /** @description Of this service */
            version: string;
            /** @description The version of Node.js that it runs on */
            node: string;
        };
        /** @description A page of the list */
        VocabularyPage: {
            version: number;
            /** @description Of a mixture: the versions of its parts, in their order */
            part_versions?: number[];
            items: components["schemas"]["Token"][];
            /** @description Present if there are more items */
            next_cursor?: string;
        };
        /** @description With the weights of the mixture */
        WeightsBefore: {
            /** @description The weight of each part; they add up to 1 */
            weights: number[];
            /** @description Of the held-out text, natural */
            log_probability: number | null;
            /** @description Of the held-out text; null if its probability is 0 */
            perplexity: number | null;
        };
        WittenBellEstimator: {
            /** @enum {string} */
            name: "witten-bell";
        };
        /** @description The frequencies of n-grams over their ranks, and their fits */
        Zipf: {
            version: number;
            series: components["schemas"]["ZipfSeries"][];
        };
        ZipfPoint: {
            rank: number;
            frequency: number;
        };
        ZipfSeries: {
            order: number;
            /** @description α of the fit n_i ∝ i^-α, by least squares in natural logarithms over 2000 ranks evenly spaced on a logarithmic axis; null if there are fewer than two */
            alpha: number | null;
            /** @description log n_i at rank 1, by the fit */
            intercept: number | null;
            /** @description The share of the variance that the fit explains */
            r_squared: number | null;
            points: components["schemas"]["ZipfPoint"][];
        };
    };
    responses: {
        /** @description Bad Request: `invalid-request`, `invalid-text`, `empty-text`, `upload-cut-off` */
        BadRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Bad Request: `invalid-request`, `invalid-text`, `empty-text`, `upload-cut-off` */
        BadRequestOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Conflict: `corpus-exists`, `no-counts`, `no-text`, `other-kind`, `part-missing`, `document-exists`, `cancelled`, `job-not-cancellable` */
        Conflict: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Conflict: `corpus-exists`, `no-counts`, `no-text`, `other-kind`, `part-missing`, `document-exists`, `cancelled`, `job-not-cancellable` */
        ConflictOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Expectation Failed: `expectation-failed` */
        ExpectationFailed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Expectation Failed: `expectation-failed` */
        ExpectationFailedOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Forbidden: `forbidden` */
        Forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Forbidden: `forbidden` */
        ForbiddenOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Insufficient Storage: `index-too-large`, `too-many-corpora`, `disk-full` */
        InsufficientStorage: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Insufficient Storage: `index-too-large`, `too-many-corpora`, `disk-full` */
        InsufficientStorageOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Internal Server Error: `corpus-damaged`, `corpus-unreadable`, `schema-too-new`, `backups-incomplete`, `internal` */
        InternalServerError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Internal Server Error: `corpus-damaged`, `corpus-unreadable`, `schema-too-new`, `backups-incomplete`, `internal` */
        InternalServerErrorOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Not Acceptable: `not-acceptable` */
        NotAcceptable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not Found: `not-found`, `corpus-not-found`, `document-not-found`, `job-not-found`, `backup-not-found` */
        NotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not Found: `not-found`, `corpus-not-found`, `document-not-found`, `job-not-found`, `backup-not-found` */
        NotFoundOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Not Implemented: `not-supported` */
        NotImplemented: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Payload Too Large: `content-too-large`, `vocabulary-too-large` */
        PayloadTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Payload Too Large: `content-too-large`, `vocabulary-too-large` */
        PayloadTooLargeOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Range Not Satisfiable: `range-not-satisfiable` */
        RangeNotSatisfiable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Request Timeout: `request-timeout` */
        RequestTimeout: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Request Timeout: `request-timeout` */
        RequestTimeoutOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Service Unavailable: `unavailable`, `store-unavailable`, `corpus-busy`, `index-not-ready` */
        ServiceUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Service Unavailable: `unavailable`, `store-unavailable`, `corpus-busy`, `index-not-ready` */
        ServiceUnavailableNotReady: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["NotReady"];
            };
        };
        /** @description Service Unavailable: `unavailable`, `store-unavailable`, `corpus-busy`, `index-not-ready` */
        ServiceUnavailableOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Too Many Requests: `too-many-requests` */
        TooManyRequests: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too Many Requests: `too-many-requests` */
        TooManyRequestsOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Unauthorized: `unauthorized` */
        Unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unauthorized: `unauthorized` */
        UnauthorizedOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
        /** @description Unprocessable Entity: `invalid-backup`, `idempotency-key-reused` */
        UnprocessableEntity: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unsupported Media Type: `unsupported-media-type` */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unsupported Media Type: `unsupported-media-type` */
        UnsupportedMediaTypeOpenAiError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["OpenAiError"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The id of the request, as in the log: the one that the client sent, or one that the service chose */
        "X-Request-Id": string;
        /** @description After how many seconds the request may be repeated */
        "Retry-After": number;
        "WWW-Authenticate": "Bearer";
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listCorpora: {
        parameters: {
            query?: {
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description Maximum number of items: in JSON 100 by default and at most 1000, as CSV all by default */
                limit?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CorporaPage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createCorpus: {
        parameters: {
            query?: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                name?: string;
                /** @description `word`: runs of A–Z and a–z, lower-cased; `char`: letters and single spaces; `unicode`: words of any language (UAX #29), in NFC, lower-cased; `whitespace`: splits at white space and changes nothing; `jieba`: as `unicode`, with Chinese words by the dictionary of jieba; `gpt2`, `cl100k_base`, `o200k_base`: subwords of tiktoken, with their ids; `huggingface`: subwords of a `tokenizer.json` of Hugging Face, which is a part of the form, with their ids; `ids`: ids of tokens, in decimal, with white space or commas between them */
                tokenizer?: components["schemas"]["TokenizerName"];
                /** @description N, the length of the longest n-grams that are counted */
                order?: number;
                /** @description The boundaries that n-grams do not cross: `document`, or `line`, where each line that is not blank is enclosed in `<s>` and `</s>` */
                sequences?: components["schemas"]["SequencesName"];
                /** @description With `sequences=line`: a line without tokens is nothing (`skip`, the default) or a sentence of its own, `<s> </s>`, as for KenLM's `lmplz` (`sentence`) */
                blank_lines?: "skip" | "sentence";
                /** @description For `unicode`: the language of the texts as a BCP 47 tag, whose rules apply to word boundaries and lower-casing. With `tr`, `İ` becomes `i` and `I` becomes `ı`. Without it, rules that suit most languages apply */
                locale?: string;
                /** @description Closes the vocabulary to the words that occur at least this many times in these texts: every other word, also of texts that are added later, is counted as `<unk>` */
                vocabulary_min_count?: number;
                /** @description With `tokenizer=ids`, where it is required: the number of ids, which range from 0 to one less, such as 50257 for those of GPT-2 */
                vocabulary_ids?: number;
                /** @description The title of the text, or of each of them */
                title?: string;
                /**
                 * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
                 * @example 1895
                 */
                date?: string;
                /** @description NDJSON: the field that has the text of a document. Default `text` */
                field?: string;
                /** @description NDJSON: the field that has its id, a string or an integer. Default `id`; where a document has none, the server chooses it */
                id_field?: string;
                /** @description NDJSON: the field that has its title. Without it, none is read */
                title_field?: string;
                /** @description NDJSON: the field that has its date. Without it, none is read */
                date_field?: string;
            };
            header?: {
                /** @description Chosen by the client for this request, 1 to 255 printable ASCII characters. If the response was lost, the same request with the same key is not counted twice: it gets the first response again, with `idempotent-replayed`. Keys belong to the corpus and are kept as long as it is */
                "idempotency-key"?: string;
                /** @description `respond-async`: respond once the text has been received, with 202 and a job that can be followed and cancelled */
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example the time traveller smiled
                 *     the time machine stood still
                 */
                "text/plain": string;
                "application/json": components["schemas"]["CreateCorpusRequest"];
                "multipart/form-data": components["schemas"]["CreateCorpusForm"];
                /**
                 * @example {"id":"a1","text":"the time traveller"}
                 *     {"id":"a2","text":"the time machine"}
                 */
                "application/x-ndjson": string;
                /**
                 * @example {"id":"a1","text":"the time traveller"}
                 *     {"id":"a2","text":"the time machine"}
                 */
                "application/jsonl": string;
                /**
                 * @example the time	3
                 *     the time traveller	2
                 */
                "text/tab-separated-values": string;
                "application/octet-stream": string;
                "application/gzip": string;
                "text/x-arpa": string;
            };
        };
        responses: {
            /** @description The corpus */
            201: {
                headers: {
                    /** @description The URL of the corpus */
                    Location?: string;
                    /** @description Present if this is the response that an earlier request with the same Idempotency-Key got */
                    "idempotent-replayed"?: "true";
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Corpus"];
                };
            };
            /** @description With `Prefer: respond-async`: the text has been received and is being counted */
            202: {
                headers: {
                    /** @description The URL of the job */
                    Location?: string;
                    /** @description `respond-async` */
                    "Preference-Applied"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getCorpus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The corpus */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Corpus"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    putCorpus: {
        parameters: {
            query?: {
                /** @description `word`: runs of A–Z and a–z, lower-cased; `char`: letters and single spaces; `unicode`: words of any language (UAX #29), in NFC, lower-cased; `whitespace`: splits at white space and changes nothing; `jieba`: as `unicode`, with Chinese words by the dictionary of jieba; `gpt2`, `cl100k_base`, `o200k_base`: subwords of tiktoken, with their ids; `huggingface`: subwords of a `tokenizer.json` of Hugging Face, which is a part of the form, with their ids; `ids`: ids of tokens, in decimal, with white space or commas between them */
                tokenizer?: components["schemas"]["TokenizerName"];
                /** @description N, the length of the longest n-grams that are counted */
                order?: number;
                /** @description The boundaries that n-grams do not cross: `document`, or `line`, where each line that is not blank is enclosed in `<s>` and `</s>` */
                sequences?: components["schemas"]["SequencesName"];
                /** @description With `sequences=line`: a line without tokens is nothing (`skip`, the default) or a sentence of its own, `<s> </s>`, as for KenLM's `lmplz` (`sentence`) */
                blank_lines?: "skip" | "sentence";
                /** @description For `unicode`: the language of the texts as a BCP 47 tag, whose rules apply to word boundaries and lower-casing. With `tr`, `İ` becomes `i` and `I` becomes `ı`. Without it, rules that suit most languages apply */
                locale?: string;
                /** @description Closes the vocabulary to the words that occur at least this many times in these texts: every other word, also of texts that are added later, is counted as `<unk>` */
                vocabulary_min_count?: number;
                /** @description With `tokenizer=ids`, where it is required: the number of ids, which range from 0 to one less, such as 50257 for those of GPT-2 */
                vocabulary_ids?: number;
                /** @description The title of the text, or of each of them */
                title?: string;
                /**
                 * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
                 * @example 1895
                 */
                date?: string;
                /** @description NDJSON: the field that has the text of a document. Default `text` */
                field?: string;
                /** @description NDJSON: the field that has its id, a string or an integer. Default `id`; where a document has none, the server chooses it */
                id_field?: string;
                /** @description NDJSON: the field that has its title. Without it, none is read */
                title_field?: string;
                /** @description NDJSON: the field that has its date. Without it, none is read */
                date_field?: string;
            };
            header?: {
                /** @description `respond-async`: respond once the text has been received, with 202 and a job that can be followed and cancelled */
                prefer?: string;
            };
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example the time traveller smiled
                 *     the time machine stood still
                 */
                "text/plain": string;
                "application/json": components["schemas"]["PutCorpusRequest"];
                "multipart/form-data": components["schemas"]["PutCorpusForm"];
                /**
                 * @example {"id":"a1","text":"the time traveller"}
                 *     {"id":"a2","text":"the time machine"}
                 */
                "application/x-ndjson": string;
                /**
                 * @example {"id":"a1","text":"the time traveller"}
                 *     {"id":"a2","text":"the time machine"}
                 */
                "application/jsonl": string;
                /**
                 * @example the time	3
                 *     the time traveller	2
                 */
                "text/tab-separated-values": string;
                "application/octet-stream": string;
                "application/gzip": string;
                "text/x-arpa": string;
            };
        };
        responses: {
            /** @description The corpus */
            200: {
                headers: {
                    /** @description The URL of the corpus */
                    Location?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Corpus"];
                };
            };
            /** @description The corpus */
            201: {
                headers: {
                    /** @description The URL of the corpus */
                    Location?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Corpus"];
                };
            };
            /** @description With `Prefer: respond-async`: the text has been received and is being counted */
            202: {
                headers: {
                    /** @description The URL of the job */
                    Location?: string;
                    /** @description `respond-async` */
                    "Preference-Applied"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    deleteCorpus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The corpus was deleted */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listDocuments: {
        parameters: {
            query?: {
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description Maximum number of items: in JSON 100 by default and at most 1000, as CSV all by default */
                limit?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DocumentsPage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    addDocument: {
        parameters: {
            query?: {
                /** @description The title of the text, or of each of them */
                title?: string;
                /**
                 * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
                 * @example 1895
                 */
                date?: string;
                /** @description NDJSON: the field that has the text of a document. Default `text` */
                field?: string;
                /** @description NDJSON: the field that has its id, a string or an integer. Default `id`; where a document has none, the server chooses it */
                id_field?: string;
                /** @description NDJSON: the field that has its title. Without it, none is read */
                title_field?: string;
                /** @description NDJSON: the field that has its date. Without it, none is read */
                date_field?: string;
            };
            header?: {
                /** @description Chosen by the client for this request, 1 to 255 printable ASCII characters. If the response was lost, the same request with the same key is not counted twice: it gets the first response again, with `idempotent-replayed`. Keys belong to the corpus and are kept as long as it is */
                "idempotency-key"?: string;
                /** @description `respond-async`: respond once the text has been received, with 202 and a job that can be followed and cancelled */
                prefer?: string;
            };
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example the time traveller came back */
                "text/plain": string;
                "application/json": components["schemas"]["DocumentText"];
                "multipart/form-data": components["schemas"]["DocumentsForm"];
                /**
                 * @example the time	3
                 *     the time traveller	2
                 */
                "text/tab-separated-values": string;
                "application/octet-stream": string;
                "application/gzip": string;
                /**
                 * @example {"id":"a1","text":"the time traveller"}
                 *     {"id":"a2","text":"the time machine"}
                 */
                "application/x-ndjson": string;
                /**
                 * @example {"id":"a1","text":"the time traveller"}
                 *     {"id":"a2","text":"the time machine"}
                 */
                "application/jsonl": string;
            };
        };
        responses: {
            /** @description The document, or the documents of a form with several files; of NDJSON, their number */
            201: {
                headers: {
                    /** @description The URL of the document, if there is one only; of NDJSON, of their list */
                    Location?: string;
                    /** @description Present if this is the response that an earlier request with the same Idempotency-Key got */
                    "idempotent-replayed"?: "true";
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"] | components["schemas"]["AddedDocuments"] | components["schemas"]["AddedTotals"];
                };
            };
            /** @description With `Prefer: respond-async`: the text has been received and is being counted */
            202: {
                headers: {
                    /** @description The URL of the job */
                    Location?: string;
                    /** @description `respond-async` */
                    "Preference-Applied"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
                /**
                 * @description Letters, digits, `.`, `_` and `-`; at most 128 characters, beginning with a letter or digit
                 * @example sequel
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    putDocument: {
        parameters: {
            query?: {
                /** @description The title of the text, or of each of them */
                title?: string;
                /**
                 * @description When the text was written: a year, a month or a day of ISO 8601, such as 1895, 1895-05 or 1895-05-07
                 * @example 1895
                 */
                date?: string;
            };
            header?: {
                /** @description `respond-async`: respond once the text has been received, with 202 and a job that can be followed and cancelled */
                prefer?: string;
            };
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
                /**
                 * @description Letters, digits, `.`, `_` and `-`; at most 128 characters, beginning with a letter or digit
                 * @example sequel
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example the time traveller came back */
                "text/plain": string;
                "application/json": components["schemas"]["DocumentText"];
                "multipart/form-data": components["schemas"]["DocumentForm"];
                /**
                 * @example the time	3
                 *     the time traveller	2
                 */
                "text/tab-separated-values": string;
                "application/octet-stream": string;
                "application/gzip": string;
            };
        };
        responses: {
            /** @description The document already existed, with the same text */
            200: {
                headers: {
                    /** @description The URL of the document */
                    Location?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description The document */
            201: {
                headers: {
                    /** @description The URL of the document */
                    Location?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Document"];
                };
            };
            /** @description With `Prefer: respond-async`: the text has been received and is being counted */
            202: {
                headers: {
                    /** @description The URL of the job */
                    Location?: string;
                    /** @description `respond-async` */
                    "Preference-Applied"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    deleteDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
                /**
                 * @description Letters, digits, `.`, `_` and `-`; at most 128 characters, beginning with a letter or digit
                 * @example sequel
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The document was deleted */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listSamples: {
        parameters: {
            query?: {
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SampleList"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createSampleCorpus: {
        parameters: {
            query?: {
                /**
                 * @description The name of the corpus; that of the sample if omitted
                 * @example verses
                 */
                corpus?: string;
                /** @description `word`: runs of A–Z and a–z, lower-cased; `char`: letters and single spaces; `unicode`: words of any language (UAX #29), in NFC, lower-cased; `whitespace`: splits at white space and changes nothing; `jieba`: as `unicode`, with Chinese words by the dictionary of jieba; `gpt2`, `cl100k_base`, `o200k_base`: subwords of tiktoken, with their ids; `huggingface`: subwords of a `tokenizer.json` of Hugging Face, which is a part of the form, with their ids; `ids`: ids of tokens, in decimal, with white space or commas between them */
                tokenizer?: components["schemas"]["TokenizerName"];
                /** @description N, the length of the longest n-grams that are counted */
                order?: number;
                /** @description The boundaries that n-grams do not cross: `document`, or `line`, where each line that is not blank is enclosed in `<s>` and `</s>` */
                sequences?: components["schemas"]["SequencesName"];
                /** @description With `sequences=line`: a line without tokens is nothing (`skip`, the default) or a sentence of its own, `<s> </s>`, as for KenLM's `lmplz` (`sentence`) */
                blank_lines?: "skip" | "sentence";
                /** @description For `unicode`: the language of the texts as a BCP 47 tag, whose rules apply to word boundaries and lower-casing. With `tr`, `İ` becomes `i` and `I` becomes `ı`. Without it, rules that suit most languages apply */
                locale?: string;
                /** @description Closes the vocabulary to the words that occur at least this many times in these texts: every other word, also of texts that are added later, is counted as `<unk>` */
                vocabulary_min_count?: number;
                /** @description With `tokenizer=ids`, where it is required: the number of ids, which range from 0 to one less, such as 50257 for those of GPT-2 */
                vocabulary_ids?: number;
            };
            header?: {
                /** @description `respond-async`: respond once the text has been received, with 202 and a job that can be followed and cancelled */
                prefer?: string;
            };
            path: {
                /**
                 * @description The name of a sample
                 * @example sonnets
                 */
                sample: "king-james-bible" | "sonnets";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The corpus */
            200: {
                headers: {
                    /** @description The URL of the corpus */
                    Location?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Corpus"];
                };
            };
            /** @description The corpus */
            201: {
                headers: {
                    /** @description The URL of the corpus */
                    Location?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Corpus"];
                };
            };
            /** @description With `Prefer: respond-async`: the text has been received and is being counted */
            202: {
                headers: {
                    /** @description The URL of the job */
                    Location?: string;
                    /** @description `respond-async` */
                    "Preference-Applied"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    scoreTexts: {
        parameters: {
            query?: {
                /** @description The model's order, at most the corpus's; by default the corpus's */
                order?: number;
                /** @description How counts become probabilities. Default laplace; a corpus that is not made of counts takes none */
                estimator?: components["schemas"]["EstimatorName"];
                /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
                min_version?: number;
                /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
                epsilon?: number[];
                /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
                lambda?: number[];
                /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
                discount?: number[];
                /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
                alpha?: number;
                /** @description additive: the number added to every count. Default 1 */
                k?: number;
                /** @description In a corpus of lines, whether `<s>` precedes each line. By default it does */
                bos?: boolean;
                /** @description In a corpus of lines, whether `</s>` is scored at the end of each line. By default it is */
                eos?: boolean;
                /** @description Whether to return each token's score too; not with `summary` */
                per_token?: boolean;
                /** @description Whether to return the totals only */
                summary?: boolean;
                /** @description The base of the logarithms in the response; without it they are natural */
                log_base?: 2 | 10;
                /** @description Two perplexities, as in 312,591: each text gets a `bucket`, `head` below the first, `middle` below the second, otherwise `tail` */
                cutoffs?: number[];
                /**
                 * @description The name of another corpus, with the same tokenizer and sequences: each text is scored by its model too, and gets their `cross_entropy_difference`
                 * @example timemachine
                 */
                against?: string;
                /** @description The other model's estimator, with its default parameters. Without it, it is `estimator` with the same parameters */
                against_estimator?: components["schemas"]["EstimatorName"];
                /** @description The other model's order. By default `order` or, without that, the other corpus's */
                against_order?: number;
                /** @description NDJSON: the field that has the text of a document. Default `text` */
                field?: string;
                /** @description NDJSON: the field that has its id, which is returned if there is one. Default `id` */
                id_field?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "texts": [
                 *         "the time traveller came back",
                 *         "the thyme traveller came back"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ScoreRequest"];
                /** @example the time traveller came back */
                "text/plain": string;
                "application/x-ndjson": string;
                "application/octet-stream": string;
                "application/gzip": string;
            };
        };
        responses: {
            /** @description The scores; with `summary`, their totals */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Scores"] | components["schemas"]["ScoreSummary"];
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getPercentiles: {
        parameters: {
            query?: {
                /** @description The model's order, at most the corpus's; by default the corpus's */
                order?: number;
                /** @description How counts become probabilities. Default laplace; a corpus that is not made of counts takes none */
                estimator?: components["schemas"]["EstimatorName"];
                /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
                min_version?: number;
                /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
                epsilon?: number[];
                /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
                lambda?: number[];
                /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
                discount?: number[];
                /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
                alpha?: number;
                /** @description additive: the number added to every count. Default 1 */
                k?: number;
                /** @description In a corpus of lines, whether `<s>` precedes each line. By default it does */
                bos?: boolean;
                /** @description In a corpus of lines, whether `</s>` is scored at the end of each line. By default it is */
                eos?: boolean;
                /** @description NDJSON: the field that has the text of a document. Default `text` */
                field?: string;
                /** @description NDJSON: the field that has its id, which is returned if there is one. Default `id` */
                id_field?: string;
                /** @description The percentiles, as in 30,60 */
                at?: number[];
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /** @example the time traveller came back */
                "text/plain": string;
                "application/x-ndjson": string;
                "application/octet-stream": string;
                "application/gzip": string;
            };
        };
        responses: {
            /** @description The percentiles */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Percentiles"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    tuneParameters: {
        parameters: {
            query?: {
                /** @description The model's order, at most the corpus's; by default the corpus's */
                order?: number;
                /** @description How counts become probabilities. Default laplace; a corpus that is not made of counts takes none */
                estimator?: components["schemas"]["EstimatorName"];
                /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
                min_version?: number;
                /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
                epsilon?: number[];
                /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
                lambda?: number[];
                /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
                discount?: number[];
                /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
                alpha?: number;
                /** @description additive: the number added to every count. Default 1 */
                k?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "text": "the time traveller came back to the machine",
                 *       "estimator": "jelinek-mercer"
                 *     }
                 */
                "application/json": components["schemas"]["TuneRequest"];
                "text/plain": string;
                "application/octet-stream": string;
                "application/gzip": string;
            };
        };
        responses: {
            /** @description The estimator with the best parameters, or the best weights of a mixture */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tuning"] | components["schemas"]["MixtureTuning"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getArpa: {
        parameters: {
            query?: {
                /** @description The model's order, at most the corpus's; by default the corpus's */
                order?: number;
                /** @description How counts become probabilities. Default modified-kneser-ney; a corpus that is not made of counts takes none */
                estimator?: components["schemas"]["EstimatorName"];
                /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
                min_version?: number;
                /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
                epsilon?: number[];
                /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
                lambda?: number[];
                /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
                discount?: number[];
                /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
                alpha?: number;
                /** @description For order 1, 2, 3, …, as in 0,0,1: n-grams that occur at most this often are left out, as by `lmplz --prune`; the last value also applies to higher orders, and no value may be less than the one before. `<unk>`, `<s>` and `</s>` are always kept */
                prune?: number[];
                /** @description Leaves out each n-gram without which the perplexity of the model would increase by less than this part, such as 1e-8 (relative entropy pruning, Stolcke 1998; `ngram -prune` of SRILM). After `prune` and `vocabulary`. Needs an index in memory */
                prune_entropy?: number;
                /**
                 * @description The most frequent words, as in top:50000: n-grams with other words are left out, as by `lmplz --limit_vocab_file`, and readers of the file score these words as `<unk>`. A list of words is the body of a POST request
                 * @example top:50000
                 */
                vocabulary?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description log10 probabilities and back-off weights of the n-grams */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getLimitedArpa: {
        parameters: {
            query?: {
                /** @description The model's order, at most the corpus's; by default the corpus's */
                order?: number;
                /** @description How counts become probabilities. Default modified-kneser-ney; a corpus that is not made of counts takes none */
                estimator?: components["schemas"]["EstimatorName"];
                /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
                min_version?: number;
                /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
                epsilon?: number[];
                /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
                lambda?: number[];
                /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
                discount?: number[];
                /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
                alpha?: number;
                /** @description For order 1, 2, 3, …, as in 0,0,1: n-grams that occur at most this often are left out, as by `lmplz --prune`; the last value also applies to higher orders, and no value may be less than the one before. `<unk>`, `<s>` and `</s>` are always kept */
                prune?: number[];
                /** @description Leaves out each n-gram without which the perplexity of the model would increase by less than this part, such as 1e-8 (relative entropy pruning, Stolcke 1998; `ngram -prune` of SRILM). After `prune` and `vocabulary`. Needs an index in memory */
                prune_entropy?: number;
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "vocabulary": [
                 *         "the",
                 *         "time",
                 *         "traveller"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["LimitedArpaRequest"];
                "text/plain": string;
                "multipart/form-data": components["schemas"]["LimitedArpaForm"];
                "application/octet-stream": string;
                "application/gzip": string;
            };
        };
        responses: {
            /** @description log10 probabilities and back-off weights of the n-grams */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listBackups: {
        parameters: {
            query?: {
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description Maximum number of items: in JSON 100 by default and at most 1000, as CSV all by default */
                limit?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsPage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createBackups: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job that makes the backups */
            202: {
                headers: {
                    /** @description The URL of the job */
                    Location?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listCorpusBackups: {
        parameters: {
            query?: {
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description Maximum number of items: in JSON 100 by default and at most 1000, as CSV all by default */
                limit?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BackupsPage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    createBackup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The backup, which is on disk */
            201: {
                headers: {
                    /** @description The URL of the backup */
                    Location?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Backup"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getBackup: {
        parameters: {
            query?: never;
            header?: {
                /** @description The part that is wanted, such as `bytes=1048576-` */
                range?: string;
                /** @description The `ETag` of the file that the range belongs to; of another one, all is sent */
                "if-range"?: string;
                /** @description The `ETag` of the file that the caller has */
                "if-none-match"?: string;
            };
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
                /**
                 * @description The `name` of a backup, as in the list
                 * @example 7-20261123T211420843Z
                 */
                backup: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file */
            200: {
                headers: {
                    /** @description The SHA-256 of the whole file, in hexadecimal and in quotes */
                    ETag?: string;
                    /** @description The SHA-256 of the whole file, as RFC 9530 writes it */
                    "Repr-Digest"?: string;
                    /** @description With a name for the file */
                    "Content-Disposition"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.sqlite3": string;
                };
            };
            /** @description The requested part of the file */
            206: {
                headers: {
                    /** @description The SHA-256 of the whole file, in hexadecimal and in quotes */
                    ETag?: string;
                    /** @description The SHA-256 of the whole file, as RFC 9530 writes it */
                    "Repr-Digest"?: string;
                    /** @description With a name for the file */
                    "Content-Disposition"?: string;
                    /** @description The positions of the part, and the size of the file */
                    "Content-Range"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.sqlite3": string;
                };
            };
            /** @description The caller has this file */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            416: components["responses"]["RangeNotSatisfiable"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    deleteBackup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
                /**
                 * @description The `name` of a backup, as in the list
                 * @example 7-20261123T211420843Z
                 */
                backup: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The backup was deleted */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    restoreBackup: {
        parameters: {
            query?: {
                /**
                 * @description The name of the restored corpus; that of the backup if omitted
                 * @example restored
                 */
                to?: string;
                /** @description Whether a corpus of this name is replaced; otherwise that is a 409 */
                replace?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
                /**
                 * @description The `name` of a backup, as in the list
                 * @example 7-20261123T211420843Z
                 */
                backup: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The corpus, which has replaced another one */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Corpus"];
                };
            };
            /** @description The corpus */
            201: {
                headers: {
                    /** @description The URL of the corpus */
                    Location?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Corpus"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    listJobs: {
        parameters: {
            query?: {
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description Maximum number of items: in JSON 100 by default and at most 1000, as CSV all by default */
                limit?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["JobsPage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As in the response to the upload, or in the list of jobs
                 * @example 00000000-0000-4000-8000-000000000000
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    cancelJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As in the response to the upload, or in the list of jobs
                 * @example 00000000-0000-4000-8000-000000000000
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The job, cancelled */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    followJob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description As in the response to the upload, or in the list of jobs
                 * @example 00000000-0000-4000-8000-000000000000
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getStats: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The figures */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    restoreFile: {
        parameters: {
            query: {
                /**
                 * @description The SHA-256 of the file, which is checked before anything is changed
                 * @example 0000000000000000000000000000000000000000000000000000000000000000
                 */
                sha256: string;
                /** @description Whether a corpus of this name is replaced; otherwise that is a 409 */
                replace?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/vnd.sqlite3": string;
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The corpus, which has replaced another one */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Corpus"];
                };
            };
            /** @description The corpus */
            201: {
                headers: {
                    /** @description The URL of the corpus */
                    Location?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Corpus"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            501: components["responses"]["NotImplemented"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getProbability: {
        parameters: {
            query: {
                /**
                 * @description The text before the word; it is tokenized as the corpus is, and its last tokens are used
                 * @example the time
                 */
                context?: string;
                /**
                 * @description The word: exactly one token
                 * @example traveller
                 */
                word: string;
                /** @description The model's order, at most the corpus's; by default the corpus's */
                order?: number;
                /** @description How counts become probabilities. Default laplace; a corpus that is not made of counts takes none */
                estimator?: components["schemas"]["EstimatorName"];
                /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
                min_version?: number;
                /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
                epsilon?: number[];
                /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
                lambda?: number[];
                /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
                discount?: number[];
                /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
                alpha?: number;
                /** @description additive: the number added to every count. Default 1 */
                k?: number;
                /** @description Whether to return the counts of every order */
                explain?: boolean;
                /** @description The base of the logarithms in the response; without it they are natural */
                log_base?: 2 | 10;
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description P(word | context) */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Probability"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getProbabilities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "queries": [
                 *         {
                 *           "context": "the time",
                 *           "word": "traveller"
                 *         }
                 *       ],
                 *       "estimator": "laplace",
                 *       "epsilon": [
                 *         1,
                 *         0.5,
                 *         0.25
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ProbabilitiesRequest"];
            };
        };
        responses: {
            /** @description A result for each query, in their order */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Probabilities"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getContinuations: {
        parameters: {
            query?: {
                /**
                 * @description The text so far; it is tokenized as the corpus is, and its last tokens are used
                 * @example of the
                 */
                context?: string;
                /** @description The words that follow the context, or those that precede it: `left` counts what stands directly before the whole context, which has at least one token and at most 100, wherever it occurs */
                side?: "right" | "left";
                /** @description The number of words: in JSON 10 by default and at most 1000, as CSV all by default */
                k?: number;
                /** @description Only words that begin with these characters, after the tokenizer's folding (lower case, normal form). Characters that no token has match nothing; white space is refused, except with `char` */
                prefix?: string;
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description The model's order, at most the corpus's; by default the corpus's */
                order?: number;
                /** @description How counts become probabilities: `laplace` by default. With side=left `mle`, which gives the relative frequencies, and nothing else */
                estimator?: components["schemas"]["EstimatorName"];
                /** @description The oldest version of the corpus that the response may be computed from; at most its current version. Without it, Kneser–Ney and ARPA files use the newest version whose index is in memory, which can be behind while the corpus is being changed; with it, they wait for the index */
                min_version?: number;
                /** @description laplace: ε for order 1, 2, 3, …, as in 1,0.5,0.25; the last value also applies to higher orders. Default 1 */
                epsilon?: number[];
                /** @description jelinek-mercer: the weights of order 1, 2, 3, …, adding up to 1. By default equal */
                lambda?: number[];
                /** @description absolute-discounting: the discount subtracted from every count, from 0 to 1, for order 1, 2, 3, …; the last value also applies to higher orders. By default estimated from the counts of counts */
                discount?: number[];
                /** @description stupid-backoff: the factor applied at each lower order, from 0 to 1. Default 0.4 */
                alpha?: number;
                /** @description additive: the number added to every count. Default 1 */
                additive_k?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Continuations"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            409: components["responses"]["Conflict"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    getConcordance: {
        parameters: {
            query: {
                /**
                 * @description The phrase, of any length up to 100 tokens; it is tokenized as the corpus is
                 * @example time machine
                 */
                q: string;
                /** @description Maximum number of tokens before each occurrence; there are fewer at the ends of documents */
                left?: number;
                /** @description Maximum number of tokens after each occurrence; there are fewer at the ends of documents */
                right?: number;
                /** @description The order of the occurrences: by the word before the phrase or by the word after it (by UTF-16 code units; those with the same word as in the text), or as in the text */
                sort?: "left1" | "right1" | "text";
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description Maximum number of items: in JSON 100 by default and at most 1000, as CSV all by default */
                limit?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConcordancePage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getCollocates: {
        parameters: {
            query: {
                /**
                 * @description The word or phrase, of up to 100 tokens; it is tokenized as the corpus is
                 * @example time
                 */
                node: string;
                /** @description How many tokens on each side of the node are near it */
                window?: number;
                /** @description What the words are sorted by, decreasing. Sorted by log-likelihood, words that are rarer near the node than elsewhere come last */
                sort?: components["schemas"]["CollocateSort"];
                /** @description Only what occurs at least this many times */
                min_count?: number;
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description Maximum number of items: in JSON 100 by default and at most 1000, as CSV all by default */
                limit?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CollocatesPage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listVocabulary: {
        parameters: {
            query?: {
                /** @description Only this token, as it is listed; no item if no text of the corpus has it */
                token?: string;
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description Maximum number of items: in JSON 100 by default and at most 1000, as CSV all by default */
                limit?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VocabularyPage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listNGrams: {
        parameters: {
            query?: {
                /** @description Length of the n-grams; by default that of the pattern, without one 1 or, sorted by a measure, 2 */
                order?: number;
                /**
                 * @description Only n-grams that match: one element for each token, with white space between them. `*` is any token, `a/b` either of two, and `prefix~` all that begin so; after a backslash these characters mean themselves
                 * @example the * machine
                 */
                pattern?: string;
                /** @description What the n-grams are sorted by, decreasing. Sorted by a measure, each has all measures that are defined for its order, and those with the marks of lines are left out */
                sort?: components["schemas"]["NGramSort"];
                /** @description Only what occurs at least this many times */
                min_count?: number;
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description Maximum number of items: in JSON 100 by default and at most 1000, as CSV all by default */
                limit?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NGramsPage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getKeyness: {
        parameters: {
            query: {
                /**
                 * @description The name of the corpus to compare with; it must have the same tokenizer
                 * @example timemachine
                 */
                reference: string;
                /** @description Words that are relatively more frequent than in the reference, rarer, or both */
                keywords?: "positive" | "negative" | "all";
                /** @description What the words are sorted by, decreasing; the log ratio by its absolute value */
                sort?: components["schemas"]["KeynessSort"];
                /** @description Only what occurs at least this many times */
                min_count?: number;
                /** @description Where to continue: the `next_cursor` of the previous page. Opaque. */
                cursor?: string;
                /** @description Maximum number of items: in JSON 100 by default and at most 1000, as CSV all by default */
                limit?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv";
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the list, or all of it as CSV */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeynessPage"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    comparePhrases: {
        parameters: {
            query: {
                /**
                 * @description The phrases, separated by commas, at most 10; a comma after a backslash is part of a phrase. Each is tokenized as the corpora are, and has at most 100 tokens
                 * @example the time,time machine
                 */
                phrases: string;
                /**
                 * @description The names of the corpora, separated by commas, at most 10
                 * @example timemachine
                 */
                corpora: string;
                /** @description The number of words that frequencies refer to */
                per?: components["schemas"]["FrequencyUnit"];
                /** @description Whether the documents of each year, by their `date`, are counted by themselves */
                by?: "year";
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "csv" | "svg";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How frequent the phrases are */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Comparison"];
                    "text/csv": string;
                    "image/svg+xml": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getBatches: {
        parameters: {
            query?: {
                /** @description `random`: subsequences in random order; `sequential`: corresponding rows of consecutive batches are consecutive in the text */
                strategy?: "random" | "sequential";
                /** @description Rows per batch */
                batch_size?: number;
                /** @description Tokens per row */
                num_steps?: number;
                seed?: number;
                /** @description Each epoch has its own offset and order */
                epoch?: number;
                /** @description The number of tokens skipped at the beginning: below num_steps, with `sequential` at most num_steps. By default drawn for each epoch */
                offset?: number;
                /** @description The first batch of the page */
                start?: number;
                /** @description Maximum number of batches in the page. By default 10, or fewer if they are large. A page holds at most 1,048,576 tokens of x */
                limit?: number;
                /** @description What x and y hold */
                as?: "ids" | "tokens";
                /** @description The index of this worker */
                rank?: number;
                /** @description The number of workers that share the batches: each gets those whose index is its rank modulo world_size */
                world_size?: number;
                /** @description Use only the first max_tokens tokens. With the `tokens` of an earlier response, the epoch is the same after the corpus has grown */
                max_tokens?: number;
                /** @description Tokens that occur fewer times are replaced by `<unk>` */
                min_freq?: number;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "ndjson" | "npy";
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    /** @description The next page, as rel="next", if there is one */
                    Link?: string;
                    /** @description Why there are no batches, as in JSON */
                    note?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Batches"];
                    "application/x-ndjson": string;
                    "application/x-npy": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    getZipf: {
        parameters: {
            query?: {
                /** @description Maximum number of points of a series, evenly spaced on a logarithmic axis */
                points?: number;
                /** @description The orders whose curves are returned, separated by commas, such as 1,2; by default all, and in the plot the first three */
                orders?: string;
                /** @description The format of the answer, whatever `Accept` says; without it, `Accept` decides */
                format?: "json" | "svg" | "csv";
            };
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The curves and their fits */
            200: {
                headers: {
                    /** @description As CSV: the corpus's version, for lists of one corpus */
                    "corpus-version"?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Zipf"];
                    "image/svg+xml": string;
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            406: components["responses"]["NotAcceptable"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The models */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            400: components["responses"]["BadRequestOpenAiError"];
            401: components["responses"]["UnauthorizedOpenAiError"];
            403: components["responses"]["ForbiddenOpenAiError"];
            408: components["responses"]["RequestTimeoutOpenAiError"];
            417: components["responses"]["ExpectationFailedOpenAiError"];
            429: components["responses"]["TooManyRequestsOpenAiError"];
            500: components["responses"]["InternalServerErrorOpenAiError"];
            503: components["responses"]["ServiceUnavailableOpenAiError"];
        };
    };
    getModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The name of a corpus, or `corpus:estimator`
                 * @example timemachine
                 */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["BadRequestOpenAiError"];
            401: components["responses"]["UnauthorizedOpenAiError"];
            403: components["responses"]["ForbiddenOpenAiError"];
            404: components["responses"]["NotFoundOpenAiError"];
            408: components["responses"]["RequestTimeoutOpenAiError"];
            417: components["responses"]["ExpectationFailedOpenAiError"];
            429: components["responses"]["TooManyRequestsOpenAiError"];
            500: components["responses"]["InternalServerErrorOpenAiError"];
            503: components["responses"]["ServiceUnavailableOpenAiError"];
        };
    };
    listModelsOfCorpus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The models */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            400: components["responses"]["BadRequestOpenAiError"];
            401: components["responses"]["UnauthorizedOpenAiError"];
            403: components["responses"]["ForbiddenOpenAiError"];
            404: components["responses"]["NotFoundOpenAiError"];
            408: components["responses"]["RequestTimeoutOpenAiError"];
            417: components["responses"]["ExpectationFailedOpenAiError"];
            429: components["responses"]["TooManyRequestsOpenAiError"];
            500: components["responses"]["InternalServerErrorOpenAiError"];
            503: components["responses"]["ServiceUnavailableOpenAiError"];
        };
    };
    getModelOfCorpus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
                /**
                 * @description The name of a corpus, or `corpus:estimator`
                 * @example timemachine
                 */
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            400: components["responses"]["BadRequestOpenAiError"];
            401: components["responses"]["UnauthorizedOpenAiError"];
            403: components["responses"]["ForbiddenOpenAiError"];
            404: components["responses"]["NotFoundOpenAiError"];
            408: components["responses"]["RequestTimeoutOpenAiError"];
            417: components["responses"]["ExpectationFailedOpenAiError"];
            429: components["responses"]["TooManyRequestsOpenAiError"];
            500: components["responses"]["InternalServerErrorOpenAiError"];
            503: components["responses"]["ServiceUnavailableOpenAiError"];
        };
    };
    generateText: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "prompt": "the time",
                 *       "max_tokens": 10,
                 *       "seed": 1,
                 *       "estimator": "modified-kneser-ney"
                 *     }
                 */
                "application/json": components["schemas"]["GenerateRequest"];
            };
        };
        responses: {
            /** @description The text */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GeneratedText"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailable"];
            507: components["responses"]["InsufficientStorage"];
        };
    };
    completeWithCorpus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        /** @description Fields that are not listed here are ignored */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "model": "timemachine",
                 *       "prompt": "the time",
                 *       "max_tokens": 5,
                 *       "temperature": 0
                 *     }
                 */
                "application/json": components["schemas"]["CompletionRequest"];
            };
        };
        responses: {
            /** @description The completions */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Completion"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequestOpenAiError"];
            401: components["responses"]["UnauthorizedOpenAiError"];
            403: components["responses"]["ForbiddenOpenAiError"];
            404: components["responses"]["NotFoundOpenAiError"];
            408: components["responses"]["RequestTimeoutOpenAiError"];
            409: components["responses"]["ConflictOpenAiError"];
            413: components["responses"]["PayloadTooLargeOpenAiError"];
            415: components["responses"]["UnsupportedMediaTypeOpenAiError"];
            417: components["responses"]["ExpectationFailedOpenAiError"];
            429: components["responses"]["TooManyRequestsOpenAiError"];
            500: components["responses"]["InternalServerErrorOpenAiError"];
            503: components["responses"]["ServiceUnavailableOpenAiError"];
            507: components["responses"]["InsufficientStorageOpenAiError"];
        };
    };
    complete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description Fields that are not listed here are ignored */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "model": "timemachine",
                 *       "prompt": "the time",
                 *       "max_tokens": 5,
                 *       "temperature": 0
                 *     }
                 */
                "application/json": components["schemas"]["CompletionRequest"];
            };
        };
        responses: {
            /** @description The completions */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Completion"];
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["BadRequestOpenAiError"];
            401: components["responses"]["UnauthorizedOpenAiError"];
            403: components["responses"]["ForbiddenOpenAiError"];
            404: components["responses"]["NotFoundOpenAiError"];
            408: components["responses"]["RequestTimeoutOpenAiError"];
            409: components["responses"]["ConflictOpenAiError"];
            413: components["responses"]["PayloadTooLargeOpenAiError"];
            415: components["responses"]["UnsupportedMediaTypeOpenAiError"];
            417: components["responses"]["ExpectationFailedOpenAiError"];
            429: components["responses"]["TooManyRequestsOpenAiError"];
            500: components["responses"]["InternalServerErrorOpenAiError"];
            503: components["responses"]["ServiceUnavailableOpenAiError"];
            507: components["responses"]["InsufficientStorageOpenAiError"];
        };
    };
    getTokenizerInfo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tokenizer */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenizerInfo"];
                };
            };
            400: components["responses"]["BadRequestOpenAiError"];
            401: components["responses"]["UnauthorizedOpenAiError"];
            403: components["responses"]["ForbiddenOpenAiError"];
            404: components["responses"]["NotFoundOpenAiError"];
            408: components["responses"]["RequestTimeoutOpenAiError"];
            417: components["responses"]["ExpectationFailedOpenAiError"];
            429: components["responses"]["TooManyRequestsOpenAiError"];
            500: components["responses"]["InternalServerErrorOpenAiError"];
            503: components["responses"]["ServiceUnavailableOpenAiError"];
        };
    };
    tokenize: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        /** @description Fields that are not listed here are ignored */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "prompt": "the time traveller"
                 *     }
                 */
                "application/json": components["schemas"]["TokenizeRequest"];
            };
        };
        responses: {
            /** @description The tokens */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenizedText"];
                };
            };
            400: components["responses"]["BadRequestOpenAiError"];
            401: components["responses"]["UnauthorizedOpenAiError"];
            403: components["responses"]["ForbiddenOpenAiError"];
            404: components["responses"]["NotFoundOpenAiError"];
            408: components["responses"]["RequestTimeoutOpenAiError"];
            409: components["responses"]["ConflictOpenAiError"];
            413: components["responses"]["PayloadTooLargeOpenAiError"];
            415: components["responses"]["UnsupportedMediaTypeOpenAiError"];
            417: components["responses"]["ExpectationFailedOpenAiError"];
            429: components["responses"]["TooManyRequestsOpenAiError"];
            500: components["responses"]["InternalServerErrorOpenAiError"];
            503: components["responses"]["ServiceUnavailableOpenAiError"];
        };
    };
    detokenize: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Lower-case letters, digits, `.`, `_` and `-`; at most 64 characters, beginning with a letter or digit
                 * @example timemachine
                 */
                corpus: string;
            };
            cookie?: never;
        };
        /** @description Fields that are not listed here are ignored */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "tokens": [
                 *         1,
                 *         2
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["DetokenizeRequest"];
            };
        };
        responses: {
            /** @description The text */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DetokenizedText"];
                };
            };
            400: components["responses"]["BadRequestOpenAiError"];
            401: components["responses"]["UnauthorizedOpenAiError"];
            403: components["responses"]["ForbiddenOpenAiError"];
            404: components["responses"]["NotFoundOpenAiError"];
            408: components["responses"]["RequestTimeoutOpenAiError"];
            409: components["responses"]["ConflictOpenAiError"];
            413: components["responses"]["PayloadTooLargeOpenAiError"];
            415: components["responses"]["UnsupportedMediaTypeOpenAiError"];
            417: components["responses"]["ExpectationFailedOpenAiError"];
            429: components["responses"]["TooManyRequestsOpenAiError"];
            500: components["responses"]["InternalServerErrorOpenAiError"];
            503: components["responses"]["ServiceUnavailableOpenAiError"];
        };
    };
    getRoot: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The service */
            200: {
                headers: {
                    /** @description `accept` */
                    Vary?: string;
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceInfo"];
                    "text/html": string;
                };
            };
            400: components["responses"]["BadRequest"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            400: components["responses"]["BadRequest"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The process is running */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            400: components["responses"]["BadRequest"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            500: components["responses"]["InternalServerError"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            400: components["responses"]["BadRequest"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            500: components["responses"]["InternalServerError"];
            503: components["responses"]["ServiceUnavailableNotReady"];
        };
    };
    listProblems: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each kind */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemKinds"];
                };
            };
            400: components["responses"]["BadRequest"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            408: components["responses"]["RequestTimeout"];
            417: components["responses"]["ExpectationFailed"];
            429: components["responses"]["TooManyRequests"];
            500: components["responses"]["InternalServerError"];
        };
    };
}
