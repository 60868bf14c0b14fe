/** What would become of an account's fleet before anything is registered: by outcome, by what is missing, and one by one. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import { failureOf, type Problem } from "../api/problem.ts";
import { send } from "../api/request.ts";
import type { Schemas } from "../api/types.ts";
import { accountId, count } from "../format.ts";
import { columnsOf } from "../preflight/columns.tsx";
import {
  isOutcome,
  noneRegistered,
  outcomeMarks,
  registeredText,
  type Outcome,
  type Preflight as Found,
  type Registered,
} from "../preflight/outcomes.ts";
import { AskRegister, type Choice as Chosen } from "../preflight/register.tsx";
import { Progress, Totals } from "../preflight/totals.tsx";
import { narrow, type Route } from "../route.ts";
import { Action, ReadOnly } from "../ui/action.tsx";
import { Copy } from "../ui/copy.tsx";
import { Choice } from "../ui/fields.tsx";
import { Notice } from "../ui/notice.tsx";
import { PageFoot } from "../ui/page-foot.tsx";
import { Rows } from "../ui/rows.tsx";
import { Empty, ReadOf, Screen } from "../ui/screen.tsx";
import { Time } from "../ui/time.tsx";

const runningMs = 2_000;

const outcomeChoices = [
  ["", "All outcomes"],
  ...(Object.keys(outcomeMarks) as Outcome[]).map(
    (outcome) => [outcome, outcomeMarks[outcome].word] as const,
  ),
] as const;

const modeChoices = [
  ["", "All modes"],
  ["LINEAR", "Instances"],
  ["CLUSTER", "Groups"],
  ["KUBERNETES", "Nodes"],
] as const;

const queryOf = (query: URLSearchParams): string => {
  const asked = new URLSearchParams({ limit: "100" });
  for (const name of ["outcome", "mode", "cursor"]) {
    const value = query.get(name);
    if (value !== null) asked.set(name, value);
  }
  return asked.toString();
};

const hrefOf =
  (found: Found) =>
  (outcome: Outcome): string =>
    `/accounts/${found.account_id}/preflight?of=${found.preflight_id}&outcome=${outcome}`;

const Filters = ({ query }: { readonly query: URLSearchParams }): JSX.Element => (
  <div class="tools">
    <Choice
      label="Outcome"
      parameter="outcome"
      value={query.get("outcome") ?? ""}
      options={outcomeChoices}
    />
    <Choice label="Mode" parameter="mode" value={query.get("mode") ?? ""} options={modeChoices} />
  </div>
);

const Subjects = ({
  found,
  query,
  registered,
  ask,
}: {
  readonly found: Found;
  readonly query: URLSearchParams;
  readonly registered: Registered;
  readonly ask: (choice: Chosen) => void;
}): JSX.Element => {
  const { preflight_id: id, status } = found;
  const asked = queryOf(query);
  const isDone = status === "DONE";
  const polled = useMemo(
    () =>
      pollWhole<Schemas["PreflightSubjectPage"]>(`/preflight/${id}/subjects?${asked}`, () =>
        isDone ? undefined : runningMs,
      ),
    [id, asked, isDone],
  );
  const columns = useMemo(
    () =>
      columnsOf({
        targetOf: (subject) => subject.target_id ?? registered.targets.get(subject.id),
        isDone,
        ask: ({ name, id: subject, region }) => {
          ask({ name, id: subject, region });
        },
      }),
    [registered, isDone, ask],
  );
  return (
    <section class="card below" aria-labelledby="subjects">
      <div class="card-head">
        <h2 id="subjects">One by one</h2>
      </div>
      <Filters query={query} />
      <ReadOf polled={polled} key={asked}>
        {({ items, cursor }) =>
          items.length === 0 && cursor === undefined ? (
            <Empty>Nothing is like that.</Empty>
          ) : (
            <>
              <Rows
                label="Table of subjects"
                rows={items}
                columns={columns}
                keyOf={({ id: subject }) => subject}
                firstOrder="-saves"
              />
              <PageFoot shown={items.length} cursor={cursor} />
            </>
          )
        }
      </ReadOf>
    </section>
  );
};

const Result = ({ found, query }: { readonly found: Found; readonly query: URLSearchParams }) => {
  const [choice, setChoice] = useState<Chosen>();
  const [registered, setRegistered] = useState<Registered>(noneRegistered);
  const [said, setSaid] = useState<string>();
  return (
    <>
      <Progress preflight={found} />
      {said !== undefined && (
        <Notice tone="idle">
          {said}{" "}
          <a class="link" href="/?group=shadow">
            To the fleet
          </a>
        </Notice>
      )}
      <Totals
        preflight={found}
        hrefOf={hrefOf(found)}
        ask={({ outcome, subjects }) => {
          setChoice({ name: `${count(subjects)} subject${subjects === 1 ? "" : "s"}`, outcome });
        }}
      />
      <Subjects found={found} query={query} registered={registered} ask={setChoice} />
      {choice !== undefined && (
        <AskRegister
          preflight={found}
          choice={choice}
          close={() => {
            setChoice(undefined);
          }}
          done={(answer) => {
            setSaid(registeredText(answer));
            setRegistered({
              ...answer,
              targets: new Map([...registered.targets, ...answer.targets]),
            });
          }}
        />
      )}
    </>
  );
};

const One = ({ id, query }: { readonly id: string; readonly query: URLSearchParams }) => {
  const polled = useMemo(
    () =>
      pollWhole<Found>(`/preflight/${encodeURIComponent(id)}`, (found) =>
        found?.status === "RUNNING" ? runningMs : undefined,
      ),
    [id],
  );
  const command = `spot preflight ${id}`;
  return (
    <ReadOf polled={polled}>
      {(found) => (
        <>
          <p class="facts">
            <span>
              Asked for <Time at={found.requested_at} />
            </span>
            <span>
              <code>{command}</code> <Copy text={command} label="the command" />
            </span>
          </p>
          <Result found={found} query={query} />
        </>
      )}
    </ReadOf>
  );
};

/** Begun by a press, as it asks AWS some hundred things. The same press twice begins one. */
const useBegin = (account: string) => {
  const [isBeginning, setBeginning] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const begin = async (): Promise<void> => {
    setBeginning(true);
    setProblem(undefined);
    try {
      const { preflight_id: of } = await send<Schemas["StartedPreflight"]>(
        { method: "POST", path: "/preflight", body: { account_id: account } },
        crypto.randomUUID(),
      );
      narrow({ of, outcome: undefined, mode: undefined, cursor: undefined, sort: undefined });
    } catch (error) {
      setProblem(failureOf(error));
    } finally {
      setBeginning(false);
    }
  };
  return { isBeginning, problem, begin };
};

export const Preflight = ({
  route: { id = "", query },
}: {
  readonly route: Route;
}): JSX.Element => {
  const { isBeginning, problem, begin } = useBegin(id);
  const of = query.get("of");
  const named = query.get("outcome");
  return (
    <Screen
      title="Preflight"
      note={
        <>
          What would become of{" "}
          <a class="link" href={`/accounts/${id}`}>
            {accountId(id)}
          </a>
          . Reads the account, and changes nothing in it.
        </>
      }
      actions={
        <Action
          verb={of === null ? "Begin" : "Read it again"}
          subject={`preflight of ${accountId(id)}`}
          isPrimary={of === null}
          run={() => {
            if (!isBeginning) void begin();
          }}
        />
      }
    >
      <ReadOnly />
      {problem !== undefined && <Notice tone="bad">{problem.detail}</Notice>}
      {named !== null && !isOutcome(named) && (
        <Notice tone="hold">There is no outcome {named}: choose another.</Notice>
      )}
      {of === null ? (
        <Empty>
          Nothing was read yet. Begin: every instance, group and node group of its regions is
          judged, with what it would save, what it would lose, and what is missing. Nothing is
          registered.
        </Empty>
      ) : (
        <One key={of} id={of} query={query} />
      )}
    </Screen>
  );
};
