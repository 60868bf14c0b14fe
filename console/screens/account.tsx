/** One account: its role and what that lacks, how its regions were read, and whether switches may begin. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import {
  accountMarks,
  missingIn,
  type MissingAction,
  type Verification,
} from "../accounts/permissions.ts";
import { AskVerify, Found } from "../accounts/verify.tsx";
import { pollWhole } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { count } from "../format.ts";
import type { Route } from "../route.ts";
import { Action, ReadOnly } from "../ui/action.tsx";
import { Copy } from "../ui/copy.tsx";
import { Facts, type Fact } from "../ui/facts.tsx";
import { Notice } from "../ui/notice.tsx";
import { Rows } from "../ui/rows.tsx";
import { Empty, ReadOf, Screen, useReading } from "../ui/screen.tsx";
import { Status } from "../ui/status.tsx";
import type { TableColumn } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";

type Whole = Schemas["AccountWithSwitching"];
type Place = Whole["places"][number];

const missingColumns: readonly TableColumn<MissingAction>[] = [
  { id: "action", heading: "Action", cell: ({ action }) => <code>{action}</code> },
  { id: "part", heading: "Part of the role", cell: ({ feature }) => feature },
  { id: "where", heading: "Refused in", cell: ({ regions }) => regions },
];

const placeColumns: readonly TableColumn<Place>[] = [
  { id: "region", heading: "Region", cell: ({ region }) => region },
  { id: "swept", heading: "Swept", cell: ({ swept_at: at }) => <Time at={at} /> },
  {
    id: "instances",
    heading: "Instances",
    align: "right",
    cell: ({ instances }) => count(instances),
  },
  { id: "targets", heading: "Targets", align: "right", cell: ({ targets }) => count(targets) },
  { id: "judged", heading: "Judged", align: "right", cell: ({ judged }) => count(judged) },
  {
    id: "problem",
    heading: "Problem",
    cell: ({ failure }) =>
      failure === undefined ? (
        "–"
      ) : (
        <span class="whole">
          {failure.cause} Since <Time at={failure.since} />.
        </span>
      ),
  },
];

const factsOf = (account: Whole): readonly Fact[] => {
  const { permissions, switching } = account;
  return [
    ["Account", account.account_id],
    ["Environment", account.environment],
    ["Regions", account.regions.join(", ")],
    [
      "Role",
      <>
        <code>{account.role_arn}</code> <Copy text={account.role_arn} label="the ARN" />
      </>,
    ],
    ["Role verified", permissions === undefined ? "Never" : <Time at={permissions.checked_at} />],
    ["Switches", `${String(switching.running.length)} running`],
    ["Connected", <Time key="connected" at={account.created_at} />],
    [
      "Preflight",
      <a key="preflight" class="link" href={`/accounts/${account.account_id}/preflight`}>
        What would become of its fleet
      </a>,
    ],
  ];
};

const Missing = ({ account: { permissions } }: { readonly account: Whole }): JSX.Element => (
  <section class="card below" aria-labelledby="missing">
    <div class="card-head">
      <h2 id="missing">Missing actions</h2>
      <span class="muted">No switch that needs one is begun there.</span>
    </div>
    {permissions === undefined || permissions.missing.length === 0 ? (
      <Empty>
        {permissions === undefined
          ? "The role was never verified: verify it."
          : "None: AWS refused nothing in the last verification."}
      </Empty>
    ) : (
      <Rows
        label="Table of missing actions"
        rows={missingIn(permissions.missing)}
        columns={missingColumns}
        keyOf={({ action, feature }) => `${feature} ${action}`}
      />
    )}
  </section>
);

const Places = ({ account: { places } }: { readonly account: Whole }): JSX.Element => (
  <section class="card below" aria-labelledby="places">
    <div class="card-head">
      <h2 id="places">Last sweep of each region</h2>
    </div>
    {places.length === 0 ? (
      <Empty>No region was swept yet. A sweep comes once the account is active.</Empty>
    ) : (
      <Rows
        label="Table of regions"
        rows={places}
        columns={placeColumns}
        keyOf={({ region }) => region}
      />
    )}
  </section>
);

const Body = ({ account }: { readonly account: Whole }): JSX.Element => (
  <>
    {account.switching.halt !== undefined && (
      <Notice tone="bad">
        No switch begins since <Time at={account.switching.halt.at} />:{" "}
        {account.switching.halt.error}.
      </Notice>
    )}
    <section class="card" aria-label="Account">
      <div class="card-head">
        <h2>Connection</h2>
        <Status mark={accountMarks[account.status]} isPill />
      </div>
      <Facts facts={factsOf(account)} />
    </section>
    <Missing account={account} />
    <Places account={account} />
  </>
);

export const Account = ({ route: { id = "" } }: { readonly route: Route }): JSX.Element => {
  const polled = useMemo(
    () => pollWhole<Whole>(`/accounts/${encodeURIComponent(id)}`, () => 30_000),
    [id],
  );
  const { value } = useReading(polled);
  const [isAsking, setAsking] = useState(false);
  const [found, setFound] = useState<Verification>();
  return (
    <Screen
      title={value?.name ?? "Account"}
      note={
        <a class="link" href="/accounts">
          All accounts
        </a>
      }
      actions={
        value !== undefined && (
          <Action
            verb="Verify…"
            subject={value.name}
            isPrimary={value.status === "PENDING"}
            run={() => {
              setAsking(true);
            }}
          />
        )
      }
    >
      <ReadOnly />
      {found !== undefined && <Found found={found} />}
      <ReadOf polled={polled}>{(account) => <Body account={account} />}</ReadOf>
      {isAsking && value !== undefined && (
        <AskVerify
          account={value}
          close={() => {
            setAsking(false);
          }}
          done={(verification) => {
            setFound(verification);
            polled.refresh();
          }}
        />
      )}
    </Screen>
  );
};
