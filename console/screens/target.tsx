/** One target: how it stands, what the last sweep said of it, what its owner has set, and its evaluations. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { evaluationColumns } from "../evaluation/columns.tsx";
import { accountId, duration, words } from "../format.ts";
import { AskEndShadow, AskShadow } from "../target/shadow-mode.tsx";
import { AskEvaluate } from "../fleet/evaluate.tsx";
import { useTargetName } from "../fleet/target-name.tsx";
import { go, type Route } from "../route.ts";
import { settings } from "../settings.ts";
import { Action, ReadOnly } from "../ui/action.tsx";
import { groupUrl, instanceArn, instanceUrl } from "../ui/elsewhere.ts";
import { Elsewhere } from "../ui/elsewhere.tsx";
import { useKeys } from "../ui/use-keys.ts";
import { Copy } from "../ui/copy.tsx";
import { Empty, ReadOf, Screen, useReading } from "../ui/screen.tsx";
import { Status } from "../ui/status.tsx";
import { Table } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";

type TargetRecord = Schemas["Target"];
type Page = Schemas["EvaluationPage"];

const everyMs = (): number => 10_000;

const nameOf = ({ cluster_membership: node, metadata, instance_id: id }: TargetRecord): string =>
  node === undefined ? (metadata?.asg_name ?? id) : `${node.cluster_name} · ${node.node_group}`;

const Above = ({ target }: { readonly target: TargetRecord }): JSX.Element => (
  <>
    <nav class="crumbs" aria-label="Where this is">
      <a class="link" href="/">
        Fleet
      </a>
      <span aria-hidden="true">/</span>
      <code>{target.target_id}</code>
      <Copy text={target.target_id} label="the id" />
    </nav>
    {target.is_shadow_mode && (
      <div class="standing">
        <Status mark={{ word: "Shadow", icon: "halfDisc", tone: "shadow" }} isPill />
      </div>
    )}
  </>
);

/** Of the instance, and of the group where it is of one. */
const linksOf = (target: TargetRecord): Readonly<Record<string, string>> => {
  const { region, metadata } = target;
  const group = metadata?.asg_name;
  return {
    Instance: instanceUrl(region, target.instance_id),
    ...(group !== undefined && { Group: groupUrl(region, group) }),
  };
};

const Facts = ({ target }: { readonly target: TargetRecord }): JSX.Element => {
  const { last_switch_at: switched, last_evaluated_at: evaluated } = target;
  return (
    <p class="facts">
      <span>{target.pipeline_mode}</span>
      <span>
        <code>{target.instance_id}</code>, {target.instance_type} in {target.availability_zone}
      </span>
      <span>
        {accountId(target.account_id)}, {target.region}
      </span>
      {switched !== undefined && (
        <span>
          Switched <Time at={switched} />
        </span>
      )}
      {evaluated !== undefined && (
        <span>
          Evaluated <Time at={evaluated} />
        </span>
      )}
    </p>
  );
};

const Note = ({ target }: { readonly target: TargetRecord }): JSX.Element => {
  const { target_id: id, instance_id: instanceId, account_id: account, region } = target;
  return (
    <>
      <Facts target={target} />
      <Elsewhere
        command={`spot targets show ${id}`}
        path={`/lab/instances/${id}`}
        arns={{ instance: instanceArn({ region, accountId: account, instanceId }) }}
        links={linksOf(target)}
      />
    </>
  );
};

const Verdict = ({ target: { last_verdict: verdict } }: { readonly target: TargetRecord }) => (
  <section class="card" aria-labelledby="verdict">
    <div class="card-head">
      <h2 id="verdict">What the sweep says</h2>
      {verdict !== undefined && (
        <span class="muted">
          {words(verdict.kind)}, since <Time at={verdict.first_at} />
        </span>
      )}
    </div>
    <p class="card-text">{verdict?.sentence ?? "No sweep has judged it yet."}</p>
  </section>
);

const downMsOf = ({ downtimes = [] }: TargetRecord): number =>
  downtimes.reduce((sum, { seconds }) => sum + seconds * 1000, 0);

const shown = (value: unknown): string => {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
    return value.length === 0 ? "none" : value.join(", ");
  }
  return typeof value === "string" ? value : JSON.stringify(value);
};

const Limits = ({ target }: { readonly target: TargetRecord }): JSX.Element => {
  const set = Object.entries(target.policy_overrides);
  return (
    <section class="card" aria-labelledby="limits">
      <div class="card-head">
        <h2 id="limits">What its owner has set</h2>
        <span class="muted">Down {duration(downMsOf(target))} in 30 days</span>
      </div>
      {set.length === 0 && <p class="card-text muted">Nothing: each limit is the usual one.</p>}
      <dl class="set">
        {set.map(([name, value]) => (
          <div key={name}>
            <dt>{words(name)}</dt>
            <dd>{shown(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
};

const Evaluations = ({ id }: { readonly id: string }): JSX.Element => {
  const polled = useMemo(
    () => pollWhole<Page>(`/evaluations?limit=100&target_id=${encodeURIComponent(id)}`, everyMs),
    [id],
  );
  return (
    <section class="card" aria-labelledby="evaluations">
      <div class="card-head">
        <h2 id="evaluations">Evaluations</h2>
        <span class="muted">The latest hundred, newest first</span>
      </div>
      <ReadOf polled={polled}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty>None yet. A sweep begins one where something is to be done.</Empty>
          ) : (
            <Table
              label="Table of evaluations"
              rows={items}
              columns={evaluationColumns}
              keyOf={({ evaluation_id: evaluationId }) => evaluationId}
            />
          )
        }
      </ReadOf>
    </section>
  );
};

const AskAboutShadow = (asking: {
  readonly target: TargetRecord;
  readonly close: () => void;
  readonly done: () => void;
}): JSX.Element => {
  // As it was when the button was pressed.
  const [target] = useState(asking.target);
  const props = { ...asking, target, name: nameOf(target) };
  return target.is_shadow_mode ? <AskEndShadow {...props} /> : <AskShadow {...props} />;
};

type Asked = "EVALUATE" | "SHADOW";

const Buttons = ({
  target,
  ask,
}: {
  readonly target: TargetRecord;
  readonly ask: (about: Asked) => void;
}): JSX.Element => (
  <>
    <Action
      verb={target.is_shadow_mode ? "End shadow mode…" : "Begin shadow mode…"}
      subject={nameOf(target)}
      run={() => {
        ask("SHADOW");
      }}
    />
    <Action
      verb="Evaluate…"
      subject={nameOf(target)}
      run={() => {
        ask("EVALUATE");
      }}
    />
  </>
);

interface AskingProps {
  readonly asked: Asked;
  readonly target: TargetRecord;
  readonly close: () => void;
  readonly refresh: () => void;
}

const Asking = ({ asked, target, close, refresh }: AskingProps): JSX.Element => {
  if (asked === "SHADOW") return <AskAboutShadow target={target} close={close} done={refresh} />;
  const { target_id: id, is_shadow_mode: isShadow } = target;
  return (
    <AskEvaluate
      targets={[{ id, name: nameOf(target), isShadow }]}
      close={close}
      done={({ evaluations: [begun] }) => {
        if (begun !== undefined) go(`/evaluations/${begun}`);
      }}
    />
  );
};

export const Target = ({ route: { id = "" } }: { readonly route: Route }): JSX.Element => {
  const polled = useMemo(
    () => pollWhole<TargetRecord>(`/lab/instances/${encodeURIComponent(id)}`, everyMs),
    [id],
  );
  const { value } = useReading(polled);
  const name = useTargetName(id);
  const [asked, setAsked] = useState<Asked>();
  const evaluate = (): void => {
    if (settings.mayWrite) setAsked("EVALUATE");
  };
  useKeys([{ keys: "e", means: "Evaluate it", run: evaluate }]);
  return (
    <Screen
      title={value === undefined ? "Target" : (name ?? nameOf(value))}
      above={value !== undefined && <Above target={value} />}
      note={value !== undefined && <Note target={value} />}
      actions={value !== undefined && <Buttons target={value} ask={setAsked} />}
    >
      <ReadOnly />
      <div class="parts">
        <ReadOf polled={polled}>
          {(target) => (
            <>
              <Verdict target={target} />
              <Limits target={target} />
            </>
          )}
        </ReadOf>
        <Evaluations id={id} />
      </div>
      {asked !== undefined && value !== undefined && (
        <Asking
          asked={asked}
          target={value}
          close={() => {
            setAsked(undefined);
          }}
          refresh={polled.refresh}
        />
      )}
    </Screen>
  );
};
