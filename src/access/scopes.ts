/** What a caller may do, each including those before it. */
export const scopes = ['read', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** What a route needs of its caller: a scope, or nothing. */
export type RouteScope = Scope | 'open';

/** Whether a scope is at least the one that is needed; none is below all. */
export function includes(scope: Scope | undefined, needed: Scope): boolean {
  return scope !== undefined && scopes.indexOf(scope) >= scopes.indexOf(needed);
}
