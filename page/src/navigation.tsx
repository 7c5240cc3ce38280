import { linkTo } from './place.ts';
import { sections } from './sections.ts';

/** The links to all sections. */
export function Navigation({ current }: { current: string }) {
  return (
    <nav aria-label="Sections">
      <ul>
        {sections.map(({ id, title }) => (
          <li key={id}>
            <a href={linkTo(id)} aria-current={id === current ? 'page' : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
