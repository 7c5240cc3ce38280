import { useEffect } from 'preact/hooks';
import { param, setParams } from '../../place.ts';
import { noteChange } from '../../service/use-answer.ts';

const everyMs = 5000;

/** Asks for everything again, when the reader says so or by itself. */
export function Refresh() {
  const isRegular = param('refresh') === 'on';
  useRefresh(isRegular, everyMs);
  return (
    <div class="actions">
      <button type="button" onClick={noteChange}>
        Refresh
      </button>
      <label class="tick">
        <input
          type="checkbox"
          checked={isRegular}
          onChange={() => setParams({ refresh: isRegular ? '' : 'on' })}
        />
        every {everyMs / 1000} seconds
      </label>
    </div>
  );
}

/** Asks again at intervals while that is wanted, and while the page can be seen. */
export function useRefresh(isWanted: boolean, ms: number): void {
  useEffect(() => {
    if (!isWanted) return;
    const timer = setInterval(() => document.hidden || noteChange(), ms);
    return () => clearInterval(timer);
  }, [isWanted, ms]);
}
