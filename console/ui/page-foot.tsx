/** Below a list: how many rows it shows, and the way to the rest. */
import type { ComponentChildren, JSX } from "preact";
import { count } from "../format.ts";
import { route } from "../route.ts";

/** The same list from there on. */
const hrefOf = (parameter: string, cursor: string): string => {
  const url = new URL(location.href);
  url.search = route.value?.query.toString() ?? "";
  url.searchParams.set(parameter, cursor);
  return url.pathname + url.search;
};

interface PageFootProps {
  readonly shown: number;
  /** Absent: it is the last page. */
  readonly cursor: string | undefined;
  /** Of the address, where a screen has several lists. */
  readonly parameter?: string;
  readonly children?: ComponentChildren;
}

export const PageFoot = (props: PageFootProps): JSX.Element => {
  const { shown, cursor, parameter = "cursor", children } = props;
  return (
    <div class="foot">
      <span>
        {count(shown)} {cursor === undefined ? "shown" : "on this page, sorted among themselves"}
      </span>
      {children}
      {cursor !== undefined && (
        <a class="link" href={hrefOf(parameter, cursor)}>
          Next page
        </a>
      )}
    </div>
  );
};
