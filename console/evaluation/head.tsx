/** The head of an evaluation: its status and verdict, when and by whom it was begun, and what it comes to in figures. */
import type { JSX } from "preact";
import { accountId, count, duration, monthlyUsd, none, words } from "../format.ts";
import { Copy } from "../ui/copy.tsx";
import { executionUrl, groupUrl, instanceUrl } from "../ui/elsewhere.ts";
import { Elsewhere } from "../ui/elsewhere.tsx";
import { Icon } from "../ui/icons.tsx";
import { statusMarks, verdictMarks } from "../ui/marks.ts";
import { Status } from "../ui/status.tsx";
import { Time } from "../ui/time.tsx";
import { seenMs } from "./seen.ts";
import { downtimeOf, ifItFails, subjectName, type EvaluationRecord } from "./story.ts";

interface Props {
  readonly record: EvaluationRecord;
}

export const Above = ({ record }: Props): JSX.Element => {
  const {
    evaluation_id: id,
    target_id: targetId,
    status,
    verdict,
    is_shadow_mode: isShadow,
  } = record;
  return (
    <>
      <nav class="crumbs" aria-label="Where this is">
        <a class="link" href="/">
          Fleet
        </a>
        <span aria-hidden="true">/</span>
        <a class="link" href={`/targets/${targetId}`}>
          {subjectName(record)}
        </a>
        <span aria-hidden="true">/</span>
        <code>{id}</code>
        <Copy text={id} label="the id" />
      </nav>
      <div class="standing">
        <Status mark={statusMarks[status]} isPill />
        {isShadow && <Status mark={{ word: "Shadow", icon: "halfDisc", tone: "shadow" }} isPill />}
        {verdict !== undefined && (
          <span>
            <Icon name={verdictMarks[verdict.kind].icon} /> <b>{verdictMarks[verdict.kind].word}</b>{" "}
            <span class="muted">{words(verdict.reason)}</span>
          </span>
        )}
      </div>
    </>
  );
};

/** Where AWS shows what it works on. */
const subjectLinks = ({ subject, region }: EvaluationRecord): Readonly<Record<string, string>> => {
  switch (subject.kind) {
    case "INSTANCE":
      return { Instance: instanceUrl(region, subject.instance_id) };
    case "GROUP":
      return { Group: groupUrl(region, subject.asg_name) };
    case "NODE_GROUP":
      return {};
  }
};

export const Note = ({ record }: Props): JSX.Element => {
  const {
    started_at: began,
    ended_at: ended,
    started_by: by,
    requested_by: asked,
    execution_arn: execution,
  } = record;
  return (
    <>
      {record.outcome !== undefined && record.verdict !== undefined && (
        <p class="outcome">{record.outcome.sentence}</p>
      )}
      {record.failure !== undefined && <p class="outcome">{record.failure.cause}</p>}
      <p class="facts">
        <span>
          Began <Time at={began} /> by {asked?.name ?? by}
        </span>
        {ended !== undefined && (
          <span>
            Ended <Time at={ended} />
          </span>
        )}
        <span>Model {record.model_version}</span>
        <span>
          Policy <code>{record.policy_version}</code>
        </span>
        <span>
          {accountId(record.account_id)}, {record.region}
        </span>
      </p>
      <Elsewhere
        command={`spot show ${record.evaluation_id}`}
        path={`/evaluations/${record.evaluation_id}`}
        arns={{ execution }}
        links={{
          Execution: execution === undefined ? undefined : executionUrl(execution),
          ...subjectLinks(record),
        }}
      />
    </>
  );
};

const Downtime = ({ record }: Props): JSX.Element => {
  const { downtime_seconds: seconds } = record;
  const span = downtimeOf(record, seenMs(record));
  const ms = seconds === undefined ? span && span.to - span.from : seconds * 1000;
  return <dd>{ms === undefined ? none : duration(ms)}</dd>;
};

const Calls = ({ record: { effects } }: Props): JSX.Element => {
  const open = effects.filter(({ outcome }) => outcome !== "DONE").length;
  return (
    <dd>
      {count(effects.length)}{" "}
      <small>{open === 0 ? "calls, all done" : `calls, ${count(open)} refused or not known`}</small>
    </dd>
  );
};

export const Figures = ({ record }: Props): JSX.Element => {
  const { savings } = record;
  return (
    <dl class="card figures">
      <div>
        <dt>{record.ended_at === undefined ? "Downtime so far" : "Downtime"}</dt>
        <Downtime record={record} />
      </div>
      <div>
        <dt>Saves</dt>
        <dd>
          {monthlyUsd(savings?.monthly_usd)} <small>a month, estimated</small>
        </dd>
      </div>
      <div>
        <dt>Changes in the account</dt>
        <Calls record={record} />
      </div>
      <div>
        <dt>If it fails now</dt>
        <dd class="words">{ifItFails(record)}</dd>
      </div>
    </dl>
  );
};
