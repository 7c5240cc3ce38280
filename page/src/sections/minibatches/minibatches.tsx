import { Choice } from '../../parts/choice.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { Question } from '../../parts/panel.tsx';
import { fieldError } from '../../parts/problem-note.tsx';
import { setParams } from '../../place.ts';
import { useAnswer } from '../../service/use-answer.ts';
import { chosenEpoch, type Epoch, epochCall, strategyNames } from './epoch.ts';
import { Loader } from './loader.tsx';
import { Strategy } from './strategy.tsx';

/** Minibatches of the corpus under both strategies, and the lines of Python that read them. */
export function Minibatches() {
  const epoch = chosenEpoch();
  const answers = {
    random: useAnswer(epochCall('random', epoch)),
    sequential: useAnswer(epochCall('sequential', epoch)),
  };
  const error = answers.random.error ?? answers.sequential.error;
  return (
    <>
      <Question title="Sizes">
        <Fields epoch={epoch} error={error} />
        <ul class="shift-legend">
          <li>
            <span class="both">the</span> in both x and y, where it is one step earlier
          </li>
          <li>
            <span class="only">the</span> only in x: the first step
          </li>
          <li>
            <span class="new">the</span> only in y: what follows the last step
          </li>
        </ul>
      </Question>
      <div class="pair">
        {strategyNames.map((name) => (
          <Strategy key={name} name={name} epoch={epoch} answering={answers[name]} />
        ))}
      </div>
      <Loader epoch={epoch} answers={{ random: answers.random.data, sequential: answers.sequential.data }} />
    </>
  );
}

const fields = [
  ['batch_size', 'Batch size', 'Rows in a minibatch.', 1],
  ['num_steps', 'Steps', 'Tokens in a row.', 1],
  ['seed', 'Seed', 'Another one gives other epochs.', 0],
  ['epoch', 'Epoch', 'Each has its own offset and order.', 0],
  ['start', 'First batch', 'Its index in the epoch.', 0],
] as const;

function Fields({ epoch, error }: { epoch: Epoch; error?: Error }) {
  return (
    <div class="fields narrow">
      {fields.map(([name, label, hint, min]) => (
        <NumberField
          key={name}
          label={label}
          hint={hint}
          min={min}
          value={epoch[name]}
          error={fieldError(error, name)}
          onChange={(value) => setParams({ [name]: value })}
        />
      ))}
      <Choice
        legend="Show"
        value={epoch.as}
        options={[
          ['tokens', 'Tokens'],
          ['ids', 'Ids'],
        ]}
        onChange={(value) => setParams({ as: value === 'tokens' ? '' : value })}
      />
    </div>
  );
}
