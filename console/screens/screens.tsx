/** Which component shows which screen. Some, and what draws charts, are loaded where they are first shown. */
import type { FunctionComponent, JSX } from "preact";
import type { Route, ScreenPath } from "../route.ts";
import { later } from "../ui/later.tsx";
import { Empty, Screen } from "../ui/screen.tsx";
import { Account } from "./account.tsx";
import { Accounts } from "./accounts.tsx";
import { Approval } from "./approval.tsx";
import { Approvals } from "./approvals.tsx";
import { Evaluation } from "./evaluation.tsx";
import { Evaluations } from "./evaluations.tsx";
import { Fleet } from "./fleet.tsx";
import { Governance } from "./governance.tsx";
import { WasteFinding } from "./waste-finding.tsx";
import { Target } from "./target.tsx";
import { Waste } from "./waste.tsx";

type ScreenComponent = FunctionComponent<{ readonly route: Route }>;

const Preflight = later("Preflight", async () => (await import("./preflight.tsx")).Preflight);
const Risk = later("Risk", async () => (await import("./risk.tsx")).Risk);
const Savings = later("Savings", async () => (await import("./savings.tsx")).Savings);

const Missing = ({ route }: { readonly route: Route }): JSX.Element => (
  <Screen title={route.screen}>
    <Empty>Nothing is shown here yet.</Empty>
  </Screen>
);

interface Components {
  readonly list?: ScreenComponent;
  /** Of one thing of the list. */
  readonly one?: ScreenComponent;
  /** What follows its id in the address. */
  readonly parts?: Readonly<Record<string, ScreenComponent>>;
}

const components: Readonly<Partial<Record<ScreenPath, Components>>> = {
  "": { list: Fleet },
  targets: { one: Target },
  evaluations: { list: Evaluations, one: Evaluation },
  approvals: { list: Approvals, one: Approval },
  waste: { list: Waste, one: WasteFinding },
  accounts: { list: Accounts, one: Account, parts: { preflight: Preflight } },
  governance: { list: Governance },
  savings: { list: Savings },
  risk: { list: Risk },
};

export const screenOf = ({ screen, id, part }: Route): ScreenComponent => {
  const found = components[screen];
  const shown = id === undefined ? found?.list : found?.one;
  return (part === undefined ? shown : found?.parts?.[part]) ?? Missing;
};
