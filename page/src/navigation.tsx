import { useEffect, useRef } from 'preact/hooks';
import { linkTo } from './place.ts';
import { sections } from './sections.ts';

/** The links to all sections. On a phone they are one line, which scrolls to the section that is open. */
export function Navigation({ current }: { current: string }) {
  const open = useRef<HTMLAnchorElement>(null);
  useEffect(() => open.current?.scrollIntoView({ block: 'nearest', inline: 'center' }), [current]);
  return (
    <nav aria-label="Sections">
      <ul>
        {sections.map(({ id, title }) => (
          <li key={id}>
            <a
              ref={id === current ? open : undefined}
              href={linkTo(id)}
              aria-current={id === current ? 'page' : undefined}
            >
              {title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
