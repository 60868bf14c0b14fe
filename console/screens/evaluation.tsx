/** One evaluation: what was decided and why, where it is, and what happens if it fails. */
import type { JSX } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import { Budgets } from "../evaluation/budgets.tsx";
import { Candidates } from "../evaluation/candidates.tsx";
import { Capacity } from "../evaluation/capacity.tsx";
import { Decide } from "../evaluation/decide.tsx";
import { Effects } from "../evaluation/effects.tsx";
import { Above, Figures, Note } from "../evaluation/head.tsx";
import { isOver, sentenceOf, subjectName, type EvaluationRecord } from "../evaluation/story.ts";
import { Swaps } from "../evaluation/swaps.tsx";
import { TimeLine } from "../evaluation/time-line.tsx";
import { WhatIf } from "../evaluation/what-if.tsx";
import type { Route } from "../route.ts";
import { announce } from "../ui/live.ts";
import { statusMarks } from "../ui/marks.ts";
import { ReadOf, Screen, useReading } from "../ui/screen.tsx";

const runningMs = 2_000;

/** What has ended is read once. */
const everyMs = (record: EvaluationRecord | undefined): number | undefined =>
  record === undefined || !isOver(record) ? runningMs : undefined;

export const Evaluation = ({ route: { id = "" } }: { readonly route: Route }): JSX.Element => {
  const polled = useMemo(
    () => pollWhole<EvaluationRecord>(`/evaluations/${encodeURIComponent(id)}`, everyMs),
    [id],
  );
  const { value } = useReading(polled);
  const said = value === undefined ? undefined : statusMarks[value.status].word;
  const first = useRef(said);
  useEffect(() => {
    // What it was when the page was opened is read anyway.
    if (first.current !== undefined && said !== undefined && said !== first.current) {
      announce(`The evaluation is now: ${said}.`);
    }
    first.current = said;
  }, [said]);
  return (
    <Screen
      title={value === undefined ? "Evaluation" : sentenceOf(value)}
      tab={value && `${subjectName(value)}: ${statusMarks[value.status].word}`}
      above={value !== undefined && <Above record={value} />}
      note={value !== undefined && <Note record={value} />}
    >
      <ReadOf polled={polled} rows={12}>
        {(record) => (
          <div class="evaluation">
            <Decide record={record} refresh={polled.refresh} />
            <Figures record={record} />
            <TimeLine record={record} />
            {record.mode === "CLUSTER" && <Capacity record={record} />}
            {record.mode === "KUBERNETES" && <Budgets record={record} />}
            {record.mode !== "LINEAR" && record.swaps.length > 0 && <Swaps record={record} />}
            <div class="evaluation-parts">
              <Candidates record={record} />
              <div class="evaluation-side">
                {record.verdict !== undefined && <WhatIf record={record} />}
                <Effects record={record} />
              </div>
            </div>
          </div>
        )}
      </ReadOf>
    </Screen>
  );
};
