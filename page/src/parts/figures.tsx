/** A few numbers that sum something up, each with what it is. */
export function Figures({ of }: { of: readonly (readonly [term: string, value: string])[] }) {
  return (
    <dl class="figures">
      {of.map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
