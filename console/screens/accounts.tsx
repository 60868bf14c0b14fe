/** Customers' accounts: which are connected, how they stand, and which action their role lacks. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { accountMarks, missingText, type Account } from "../accounts/permissions.ts";
import { pollWhole } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { accountId } from "../format.ts";
import type { Route } from "../route.ts";
import { PageFoot } from "../ui/page-foot.tsx";
import { Rows } from "../ui/rows.tsx";
import { Empty, ReadOf, Screen } from "../ui/screen.tsx";
import { Status } from "../ui/status.tsx";
import type { TableColumn } from "../ui/table.tsx";
import { Time } from "../ui/time.tsx";

const columns: readonly TableColumn<Account>[] = [
  {
    id: "name",
    heading: "Account",
    cell: ({ account_id: id, name }) => (
      <a class="link short" href={`/accounts/${id}`} title={name}>
        {name}
      </a>
    ),
    sortKey: ({ name }) => name,
  },
  {
    id: "id",
    heading: "Id",
    cell: ({ account_id: id }) => <span title={id}>{accountId(id)}</span>,
    sortKey: ({ account_id: id }) => id,
  },
  {
    id: "environment",
    heading: "Environment",
    cell: ({ environment }) => environment,
    sortKey: ({ environment }) => environment,
  },
  {
    id: "status",
    heading: "Status",
    cell: ({ status }) => <Status mark={accountMarks[status]} />,
    sortKey: ({ status }) => accountMarks[status].word,
  },
  {
    id: "regions",
    heading: "Regions",
    cell: ({ regions }) => <span class="cut">{regions.join(", ")}</span>,
  },
  {
    id: "verified",
    heading: "Role verified",
    cell: ({ permissions }) =>
      permissions === undefined ? "Never" : <Time at={permissions.checked_at} />,
    sortKey: ({ permissions }) => permissions?.checked_at,
    firstDirection: "descending",
  },
  {
    id: "missing",
    heading: "Missing actions",
    cell: (account) => missingText(account) ?? "–",
    sortKey: ({ permissions }) => permissions?.missing.length,
    firstDirection: "descending",
  },
  {
    id: "preflight",
    heading: "Preflight",
    cell: ({ account_id: id, name, status }) =>
      status === "ACTIVE" ? (
        <a class="link" href={`/accounts/${id}/preflight`} aria-label={`Preflight: ${name}`}>
          Preflight
        </a>
      ) : (
        "Verify it first"
      ),
  },
];

export const Accounts = ({ route: { query } }: { readonly route: Route }): JSX.Element => {
  const cursor = query.get("cursor");
  const asked = new URLSearchParams({
    limit: "100",
    ...(cursor !== null && { cursor }),
  }).toString();
  const polled = useMemo(
    () => pollWhole<Schemas["AccountPage"]>(`/accounts?${asked}`, () => 30_000),
    [asked],
  );
  return (
    <Screen title="Accounts" note="Customers' accounts that are connected.">
      <section class="card" aria-label="Accounts">
        <ReadOf polled={polled} key={asked}>
          {({ items, cursor: next }) =>
            items.length === 0 ? (
              <Empty>
                No account is connected. Connect one:{" "}
                <code>spot accounts add ACCOUNT --name NAME --regions REGION</code>
              </Empty>
            ) : (
              <>
                <Rows
                  label="Table of accounts"
                  rows={items}
                  columns={columns}
                  keyOf={({ account_id: id }) => id}
                />
                <PageFoot shown={items.length} cursor={next} />
              </>
            )
          }
        </ReadOf>
      </section>
    </Screen>
  );
};
