/** Asks before shadow mode of a target ends, or begins again: what it is let do, when, and what it would save. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { read, send } from "../api/request.ts";
import type { Schemas } from "../api/types.ts";
import { fleet } from "../fleet/store.ts";
import { monthlyUsd } from "../format.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Facts, sentences } from "../ui/facts.tsx";
import { Field } from "../ui/fields.tsx";

type Target = Schemas["Target"];
type Windows = NonNullable<Target["policy_overrides"]["maintenance_windows"]>;

const windowText = (window: Windows[number]): string =>
  typeof window === "string" ? window : `${window.cron}, ${window.duration}, ${window.timezone}`;

/** What the last sweep has estimated. Absent: nothing is known of it. */
const savesOf = (targetId: string): string | undefined => {
  const saves = fleet.reading.peek().value?.rows.get(targetId)?.saves_monthly_usd;
  return saves === null || saves === undefined
    ? undefined
    : `${monthlyUsd(saves)} a month, estimated`;
};

const factsOf = ({ target_id: id, policy_overrides: policy, last_verdict: verdict }: Target) => {
  const windows = policy.maintenance_windows ?? [];
  const downtime =
    "max_downtime_minutes_per_30_days" in policy
      ? policy.max_downtime_minutes_per_30_days
      : undefined;
  return [
    ["When", windows.length === 0 ? "At any time" : sentences(windows.map(windowText))],
    [
      "Down at most",
      downtime === undefined ? "As the usual limit says" : `${String(downtime)} min in 30 days`,
    ],
    ["Saves", savesOf(id)],
    ["Last verdict", verdict?.sentence],
  ] as const;
};

/** Of the account; where it can't be read, one that is to be careful with. Undefined: it is not known yet. */
const useEnvironment = (accountId: string): "LAB" | "PROD" | undefined => {
  const [environment, setEnvironment] = useState<"LAB" | "PROD">();
  useEffect(() => {
    read<Schemas["AccountWithSwitching"]>(`/accounts/${encodeURIComponent(accountId)}`).then(
      ({ value }) => {
        setEnvironment(value?.environment ?? "PROD");
      },
      () => {
        setEnvironment("PROD");
      },
    );
  }, [accountId]);
  return environment;
};

interface AskProps {
  readonly target: Target;
  readonly name: string;
  readonly close: () => void;
  readonly done: () => void;
}

const set =
  ({ target, done }: AskProps, isShadow: boolean) =>
  async (key: string) => {
    const path = `/lab/instances/${encodeURIComponent(target.target_id)}`;
    await send({ method: "PATCH", path, body: { is_shadow_mode: isShadow } }, key);
    done();
  };

export const AskEndShadow = (props: AskProps): JSX.Element => {
  const { target, name, close } = props;
  const [typed, setTyped] = useState("");
  const environment = useEnvironment(target.account_id);
  const isProd = environment === "PROD";
  return (
    <Dialog
      title={`Let ${name} be switched for real?`}
      verb="End shadow mode"
      isDangerous
      isReady={environment === "LAB" || (isProd && typed.trim() === name)}
      close={close}
      act={set(props, false)}
    >
      <p>
        From the next sweep on, a switch that is worth it is made. What fails is rolled back by
        itself; shadow mode can be taken up again at any time.
      </p>
      <Facts facts={factsOf(target)} />
      {isProd && <Field label={`Its account is PROD. Type ${name}`} value={typed} set={setTyped} />}
    </Dialog>
  );
};

export const AskShadow = (props: AskProps): JSX.Element => (
  <Dialog
    title={`Put ${props.name} into shadow mode?`}
    verb="Begin shadow mode"
    close={props.close}
    act={set(props, true)}
  >
    <p>
      Verdicts are recorded and nothing of it is touched any longer. A switch that goes on already
      goes on to its end.
    </p>
  </Dialog>
);
