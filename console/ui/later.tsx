/** A screen that is loaded where it is first shown: most people look at the fleet and at evaluations. */
import type { FunctionComponent, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Notice } from "./notice.tsx";
import { Loading, Screen } from "./screen.tsx";

type Found<Props> = FunctionComponent<Props> | "LOADING" | "LOST";

/** @param load asked again after it has failed @param title until the screen says its own */
export const later = <Props extends object>(
  title: string,
  load: () => Promise<FunctionComponent<Props>>,
): FunctionComponent<Props> => {
  let known: FunctionComponent<Props> | undefined;
  return (props: Props): JSX.Element => {
    const [found, setFound] = useState<Found<Props>>(() => known ?? "LOADING");
    const [tries, setTries] = useState(0);
    useEffect(() => {
      if (known !== undefined) return undefined;
      let isShown = true;
      load().then(
        (screen) => {
          known = screen;
          if (isShown) setFound(() => screen);
        },
        () => {
          if (isShown) setFound("LOST");
        },
      );
      return () => {
        isShown = false;
      };
    }, [tries]);
    if (typeof found === "function") {
      const Shown = found;
      return <Shown {...props} />;
    }
    const retry = (): void => {
      setFound("LOADING");
      setTries(tries + 1);
    };
    return (
      <Screen title={title}>
        {found === "LOADING" ? (
          <Loading rows={6} />
        ) : (
          <Notice tone="bad" action={{ label: "Retry", run: retry }}>
            This screen can’t be loaded. Where the page was updated since you opened it, load it
            again.
          </Notice>
        )}
      </Screen>
    );
  };
};
