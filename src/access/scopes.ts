/** The scopes of callers, each including the previous ones. */
export const scopes = ['read', 'write', 'admin'] as const;
export type Scope = (typeof scopes)[number];

/** What a route requires of its caller: a scope, or nothing. */
export type RouteScope = Scope | 'open';

/** Whether a scope includes the needed one; undefined includes no scope. */
export function includes(scope: Scope | undefined, needed: Scope): boolean {
  return scope !== undefined && scopes.indexOf(scope) >= scopes.indexOf(needed);
}
