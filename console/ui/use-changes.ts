/** Which parts of what is shown have changed just now: they bear a mark for three seconds, so that a look finds them. */
import { useEffect, useRef, useState } from "preact/hooks";

const shownMs = 3000;

/**
 * @param partsOf what each part shows, as a text, by its name
 * @returns names of the parts that were shown otherwise within the last three seconds
 */
export const useChanges = <Value extends object>(
  value: Value,
  partsOf: (value: Value) => Readonly<Record<string, string>>,
): ReadonlySet<string> => {
  const before = useRef(value);
  const [changed, setChanged] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (before.current === value) return undefined;
    const was = partsOf(before.current);
    before.current = value;
    const names = Object.entries(partsOf(value)).flatMap(([name, text]) =>
      was[name] === text ? [] : [name],
    );
    setChanged(new Set(names));
    const timer = setTimeout(() => {
      setChanged(new Set());
    }, shownMs);
    return () => {
      clearTimeout(timer);
    };
  }, [value]);
  return changed;
};
