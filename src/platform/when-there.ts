/**
 * Goes on with a value: at once if it is there, and so without waiting where everything is in memory, or when its
 * promise is fulfilled.
 */
export function whenThere<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(next) : next(value);
}
