import { integer } from '../../format.ts';
import { Choice } from '../../parts/choice.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Panel } from '../../parts/panel.tsx';
import { corpusName, param, setParams } from '../../place.ts';
import { call } from '../../service/call.ts';
import { address, key } from '../../service/client.ts';
import { saveFile } from '../../service/csv.ts';
import {
  type Batches,
  type Epoch,
  epochPages,
  type StrategyName,
  strategies,
  strategyNames,
} from './epoch.ts';

interface LoaderProps {
  epoch: Epoch;
  answers: Record<StrategyName, Batches | undefined>;
}

/** The lines of Python that read these minibatches. */
export function Loader({ epoch, answers }: LoaderProps) {
  const strategy: StrategyName = param('loader') === 'sequential' ? 'sequential' : 'random';
  const answer = answers[strategy];
  const program = answer && programOf(answer);
  const vocabulary = call('get', '/v1/corpora/{corpus}/vocabulary', { path: { corpus: corpusName.value } });
  return (
    <Panel
      title="The loader in Python"
      lead="With the client of this project, clients/python/ngramd.py: one file that needs only NumPy. As curl: the minibatches as NumPy reads them, and the vocabulary; as CSV: the vocabulary."
      call={[
        { ...epochPages(strategy, epoch), accept: 'application/x-npy', saveAs: `${strategy}.npy` },
        { ...vocabulary, accept: 'text/csv', saveAs: 'vocabulary.csv' },
      ]}
      csv={vocabulary}
    >
      <Choice
        legend="Strategy"
        value={strategy}
        options={strategyNames.map((name) => [name, strategies[name][0]] as const)}
        onChange={(value) => setParams({ loader: value === 'random' ? '' : value })}
      />
      {program === undefined ? null : (
        <div class="program">
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, also by keyboard */}
          <pre class="code" tabIndex={0}>
            <code>{program}</code>
          </pre>
          <div class="actions">
            <CopyButton text={program} />
            <button type="button" class="quiet" onClick={() => saveFile('loader.py', new Blob([program]))}>
              Save as a file
            </button>
          </div>
        </div>
      )}
    </Panel>
  );
}

function programOf({ strategy, batch_size, num_steps, num_batches, token_ids, seed, epoch }: Batches) {
  const hasKey = key.value !== '';
  const client = hasKey ? `Client("${address}", key=os.environ["NGRAMD_KEY"])` : `Client("${address}")`;
  const isRandom = strategy === 'random' ? 'True' : 'False';
  return `${hasKey ? 'import os\n' : ''}from ngramd import Client, SeqDataLoader

corpus = ${client}.corpus("${corpusName.value}")
data_iter = SeqDataLoader(
    batch_size=${batch_size}, num_steps=${num_steps}, use_random_iter=${isRandom}, max_tokens=0, corpus=corpus, seed=${seed}
)
${epoch === 0 ? '' : `data_iter.epoch = ${epoch}\n`}embedding_rows = len(data_iter.vocab)    # ${integer(token_ids)}
for x, y in data_iter:    # ${integer(num_batches)} pairs of int32 arrays of shape (${batch_size}, ${num_steps}); each loop is a new epoch
    ...
`;
}
