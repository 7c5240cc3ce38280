import { bytes } from '../../format.ts';
import { Answer } from '../../parts/answer.tsx';
import { call } from '../../service/call.ts';
import { useAnswer } from '../../service/use-answer.ts';

export const samplesCall = call('get', '/v1/samples', {});

interface SamplesProps {
  chosen: string;
  onChoose(name: string): void;
}

/** The texts that come with the service, one of which is chosen. */
export function Samples({ chosen, onChoose }: SamplesProps) {
  return (
    <Answer of={useAnswer(samplesCall)}>
      {({ items }) => (
        <fieldset class="cards">
          <legend class="unseen">Sample</legend>
          {items.map(({ name, title, author, year, description, bytes: size }) => (
            <label key={name} class="card">
              <input
                type="radio"
                name="sample"
                value={name}
                checked={name === chosen}
                onChange={() => onChoose(name)}
              />
              <span>
                <strong>{title}</strong>
                <span class="hint">
                  {author}, {year} · {bytes(size)}
                </span>
                <span class="hint">{description}.</span>
              </span>
            </label>
          ))}
        </fieldset>
      )}
    </Answer>
  );
}
