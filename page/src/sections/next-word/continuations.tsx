import type { Continuations as Answered } from '../../../../clients/typescript/src/index.ts';
import { integer, probability as probabilityText } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { Bar } from '../../parts/bar.tsx';
import { type Chooser, EstimatorChooser, estimatorFieldNames } from '../../parts/estimator-chooser.tsx';
import { Panel } from '../../parts/panel.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { isOfBytes, shownToken, textOf } from '../../parts/tokens.tsx';
import { param, setParams } from '../../place.ts';
import type { Call } from '../../service/call.ts';
import { useCorpus } from '../../service/corpora.ts';
import type { Answering } from '../../service/use-answer.ts';

interface ContinuationsProps {
  title: string;
  chooser: Chooser;
  call: Call<Answered>;
  /** The same for all words. */
  all: Call<Answered>;
  answer: Answering<Answered>;
  /** The estimator beside this one, if there is one. */
  other: { title: string; answer: Answering<Answered> } | undefined;
  /** The probability whose bar has the whole width. */
  longest: number;
}

const moreWords = 20;
const maxWords = 1000;

/** The most probable words by one estimator. A click takes a word into the text. */
export function Continuations({ title, chooser, call, all, answer, other, longest }: ContinuationsProps) {
  const elsewhere = other && ranksOf(other.answer);
  return (
    <Panel title={title} call={call} csv={all}>
      <EstimatorChooser {...chooser} error={answer.error} />
      <Answer of={answer} shownFields={estimatorFieldNames}>
        {({ continuations, normalized, note, next_cursor }) => (
          <>
            {note === undefined ? null : <p class="note">{note}</p>}
            {normalized === undefined ? null : (
              <p class="note">These are scores, which do not add up to 1.</p>
            )}
            <Table
              caption={`The words after this text, ${title}`}
              rows={continuations.map((each, i) => ({ ...each, rank: i + 1 }))}
              keyOf={({ word }) => word}
              empty="No word follows."
              columns={[
                { title: 'Word', isName: true, cell: ({ word }) => <Word word={word} /> },
                {
                  title: <span class="unseen">Bar</span>,
                  isWide: true,
                  cell: ({ probability }) => <Bar share={longest === 0 ? 0 : probability / longest} />,
                },
                {
                  title: 'Probability',
                  isNumber: true,
                  cell: ({ probability }) => probabilityText(probability),
                },
                ...(continuations.some(({ count }) => count !== undefined) ? [countColumn] : []),
                ...(other === undefined ? [] : [rankColumn(other.title, elsewhere)]),
              ]}
            />
            {other === undefined ? null : (
              <p class="hint">⇄ is followed by the rank in the other list: – where that is not in sight.</p>
            )}
            {next_cursor === undefined || continuations.length >= maxWords ? null : (
              <button
                type="button"
                class="quiet"
                onClick={() => setParams({ words: String(continuations.length + moreWords) })}
              >
                Show more<span class="unseen"> by {title}</span>
              </button>
            )}
          </>
        )}
      </Answer>
    </Panel>
  );
}

type Ranked = Answered['continuations'][number] & { rank: number };

/** Models that are no counts have none. */
const countColumn: Column<Ranked> = {
  title: 'Count',
  isNumber: true,
  cell: ({ count }) => (count === undefined ? '' : integer(count)),
};

/** The ranks of the words of a list; undefined while it is not the list of what is asked. */
function ranksOf({ data, isLoading }: Answering<Answered>): ReadonlyMap<string, number> | undefined {
  if (data === undefined || isLoading) return undefined;
  return new Map(data.continuations.map(({ word }, i) => [word, i + 1]));
}

/** The rank of a word here and, if there is one, in the other list. */
function rankColumn(title: string, elsewhere: ReadonlyMap<string, number> | undefined): Column<Ranked> {
  return {
    title: (
      <>
        Rank<span class="unseen"> here and by {title}</span>
      </>
    ),
    isNumber: true,
    cell: ({ word, rank }) =>
      elsewhere === undefined ? rank : <Ranks here={rank} there={elsewhere.get(word)} />,
  };
}

function Ranks({ here, there }: { here: number; there: number | undefined }) {
  if (there === here) return <>{here}</>;
  return (
    <>
      {here} <span class="elsewhere">⇄ {there ?? '–'}</span>
    </>
  );
}

/** A word as a button that takes it into the text; the end of a line ends that. */
function Word({ word }: { word: string }) {
  const tokenizer = useCorpus()?.tokenizer;
  const hasSpaces = tokenizer !== 'char' && !isOfBytes(tokenizer);
  if (word === '</s>') return <span class="mark">end of the line</span>;
  const add = () => {
    const context = hasSpaces
      ? `${param('context').trimEnd()} ${word}`.trimStart()
      : `${param('context')}${textOf([word], tokenizer)}`;
    setParams({ context, prefix: '' }, { step: true });
  };
  return (
    <button type="button" class="word" onClick={add}>
      <span class="unseen">Go on with </span>
      {shownToken(word)}
    </button>
  );
}
