/**
 * Makes a value when it is first asked for, and once. Schemas of which a function parses nothing cost its cold start nothing:
 * those of policy, targets and models are most of the schemas that a step would make.
 */
export const atFirstUse = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};
