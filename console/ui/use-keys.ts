/** Keys of a component, as long as it is shown. */
import { useEffect, useRef } from "preact/hooks";
import { bind, type KeyBinding } from "../keys.ts";

/** The bindings may be others each time; their keys stay the same. */
export const useKeys = (bindings: readonly KeyBinding[]): void => {
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(
    () =>
      bind(
        latest.current.map(({ keys, means }, index) => ({
          keys,
          means,
          run: () => {
            latest.current[index]?.run();
          },
        })),
      ),
    [],
  );
};
