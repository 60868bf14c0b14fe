/** One screen: its heading, and what was read in its states: loading, empty, read, old, or not to be had. */
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Polled, Reading } from "../api/polled.ts";
import type { Problem } from "../api/problem.ts";
import { age } from "../format.ts";
import { Notice } from "./notice.tsx";

/** What a component looks at, as long as it is shown. */
export const useReading = <Value,>(polled: Polled<Value>): Reading<Value> => {
  useEffect(() => polled.watch(), [polled]);
  return polled.reading.value;
};

/** Sooner than this an answer comes without anybody waiting for it. */
const patienceMs = 150;

export const Loading = ({ rows }: { readonly rows: number }): JSX.Element | null => {
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setShown(true);
    }, patienceMs);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  if (!isShown) return null;
  return (
    <div class="card loading" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <i key={row} />
      ))}
    </div>
  );
};

const denied = 403;

const Failed = ({
  problem,
  readAtMs,
  retry,
}: {
  readonly problem: Problem;
  readonly readAtMs: number | undefined;
  readonly retry: () => void;
}): JSX.Element => (
  <Notice tone="bad" action={{ label: "Retry", run: retry }}>
    {problem.detail}
    {problem.status === denied && " Your credentials need execute-api:Invoke on this call."}
    {readAtMs !== undefined && ` What is shown is ${age(Date.now() - readAtMs)} old.`}
  </Notice>
);

export interface ReadProps<Value> {
  readonly polled: Polled<Value>;
  /** Grey rows while nothing was read. */
  readonly rows?: number;
  readonly children: (value: Value) => ComponentChildren;
}

/** What is read, as soon as it was; old data stays below the problem of the last reading. */
export const ReadOf = <Value,>({ polled, rows = 6, children }: ReadProps<Value>): JSX.Element => {
  const { value, problem, readAtMs } = useReading(polled);
  return (
    <>
      {problem !== undefined && (
        <Failed problem={problem} readAtMs={readAtMs} retry={polled.refresh} />
      )}
      {value !== undefined && children(value)}
      {value === undefined && problem === undefined && <Loading rows={rows} />}
    </>
  );
};

interface ScreenProps {
  readonly title: string;
  /** In the window's title: short, what tells it apart first. Absent: as the heading. */
  readonly tab?: string | undefined;
  /** Above the heading: where it stands, and how. */
  readonly above?: ComponentChildren;
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children?: ComponentChildren;
}

export const Screen = (props: ScreenProps): JSX.Element => {
  const { title, tab = title, above, note, actions, children } = props;
  useEffect(() => {
    document.title = `${tab} · Spot Optimizer`;
  }, [tab]);
  return (
    <main id="main" tabIndex={-1}>
      <div class="head">
        <div>
          {above !== undefined && <div class="above">{above}</div>}
          <h1>{title}</h1>
          {note !== undefined && <div class="muted">{note}</div>}
        </div>
        {actions !== undefined && <div class="buttons">{actions}</div>}
      </div>
      {children}
    </main>
  );
};

export const Empty = ({ children }: { readonly children: ComponentChildren }): JSX.Element => (
  <div class="card empty">{children}</div>
);
