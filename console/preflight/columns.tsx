/** Columns of what a preflight has found. */
import type { JSX } from "preact";
import { duration, hourlyUsd, monthlyUsd, none, percent, words } from "../format.ts";
import { Action } from "../ui/action.tsx";
import { Cut } from "../ui/cut.tsx";
import { Status } from "../ui/status.tsx";
import type { TableColumn } from "../ui/table.tsx";
import { isWorthWatching, outcomeMarks, whyOf, type Subject } from "./outcomes.ts";

const Name = ({ subject }: { readonly subject: Subject }): JSX.Element => {
  const { name, instance_type: type, zone_name: zone, region, instances } = subject;
  const members = instances > 1 ? `${String(instances)} × ` : "";
  return (
    <>
      <span class="short" title={name}>
        {name}
      </span>
      <br />
      <span class="muted">
        {type === undefined ? region : `${members}${type} in ${zone ?? region}`}
      </span>
    </>
  );
};

/** The pool that it would be launched in first. */
const BestOffer = ({ subject: { offers } }: { readonly subject: Subject }): JSX.Element => {
  const [best, ...others] = offers;
  if (best === undefined) return <>{none}</>;
  const { instance_type: type, zone_id: zone, spot_hourly_usd: price } = best;
  const rest = others.map((offer) => `${offer.instance_type} in ${offer.zone_id}`).join(", ");
  return (
    <span title={rest === "" ? undefined : `Then ${rest}`}>
      {type} <span class="muted">{zone}</span>
      <br />
      <span class="muted">
        {hourlyUsd(price)} an hour, risk {percent(best.risk)} in {best.horizon_hours} h
      </span>
    </span>
  );
};

const Unchecked = ({ subject: { unchecked } }: { readonly subject: Subject }): JSX.Element =>
  unchecked.length === 0 ? <>{none}</> : <Cut text={unchecked.map(words).join(", ")} />;

export interface Registering {
  /** As which it is registered. Undefined: it is not. */
  readonly targetOf: (subject: Subject) => string | undefined;
  /** False: the preflight is still at work. */
  readonly isDone: boolean;
  readonly ask: (subject: Subject) => void;
}

const Register = ({
  subject,
  registering: { targetOf, isDone, ask },
}: {
  readonly subject: Subject;
  readonly registering: Registering;
}): JSX.Element => {
  const target = targetOf(subject);
  if (target !== undefined) {
    return (
      <a class="link" href={`/targets/${target}`}>
        Registered
      </a>
    );
  }
  if (!isDone || !isWorthWatching(subject) || subject.instance_id === undefined) return <>{none}</>;
  return (
    <Action
      verb="Register as shadow…"
      subject={subject.name}
      run={() => {
        ask(subject);
      }}
    />
  );
};

export const columnsOf = (registering: Registering): readonly TableColumn<Subject>[] => [
  {
    id: "name",
    heading: "Subject",
    cell: (subject) => <Name subject={subject} />,
    sortKey: ({ name }) => name,
  },
  {
    id: "outcome",
    heading: "Outcome",
    cell: ({ outcome }) => <Status mark={outcomeMarks[outcome]} />,
    sortKey: ({ outcome }) => outcomeMarks[outcome].word,
  },
  {
    id: "saves",
    heading: "Would save $/month",
    align: "right",
    cell: ({ monthly_usd: saves }) => monthlyUsd(saves),
    sortKey: ({ monthly_usd: saves }) => saves,
    firstDirection: "descending",
  },
  {
    id: "register",
    heading: "Register",
    cell: (subject) => <Register subject={subject} registering={registering} />,
  },
  {
    id: "down",
    heading: "Down",
    align: "right",
    cell: ({ downtime_seconds: seconds }) => (seconds === 0 ? "None" : duration(seconds * 1000)),
    sortKey: ({ downtime_seconds: seconds }) => seconds,
    firstDirection: "descending",
  },
  { id: "why", heading: "Missing, or why", cell: (subject) => <Cut text={whyOf(subject)} /> },
  { id: "offer", heading: "Best pool", cell: (subject) => <BestOffer subject={subject} /> },
  { id: "unchecked", heading: "Not looked at", cell: (subject) => <Unchecked subject={subject} /> },
];
