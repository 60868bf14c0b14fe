/** What runs without an owner, and what carries our tags and nothing claims. */
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { pollWhole, type Polled } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { PutOff } from "../decide/put-off.tsx";
import { columnsOf, unclaimedColumns } from "../governance/columns.tsx";
import {
  flaggedMarks,
  instancesIn,
  unclaimedIn,
  type Flagged,
  type FlaggedStatus,
} from "../governance/findings.ts";
import type { Route } from "../route.ts";
import { ReadOnly } from "../ui/action.tsx";
import { Choice } from "../ui/fields.tsx";
import { PageFoot } from "../ui/page-foot.tsx";
import { Rows } from "../ui/rows.tsx";
import { Empty, ReadOf, Screen } from "../ui/screen.tsx";

type Page = Schemas["GovernancePage"];

const choices = [
  ["", "All"],
  ...(Object.keys(flaggedMarks) as FlaggedStatus[]).map(
    (status) => [status, flaggedMarks[status].word] as const,
  ),
] as const;

const usePage = (kind: Page["items"][number]["kind"], more: Readonly<Record<string, string>>) => {
  const asked = new URLSearchParams({ kind, limit: "100", ...more }).toString();
  return useMemo(() => pollWhole<Page>(`/governance?${asked}`, () => 30_000), [asked]);
};

const given = (
  query: URLSearchParams,
  name: string,
  as = name,
): Readonly<Record<string, string>> => {
  const value = query.get(name);
  return value === null ? {} : { [as]: value };
};

const mostDays = 90;
const exemptedDays = 30;

const AskExempt = ({
  finding,
  close,
  done,
}: {
  readonly finding: Flagged;
  readonly close: () => void;
  readonly done: () => void;
}): JSX.Element => (
  <PutOff
    title={`Exempt ${finding.instance_id}?`}
    verb="Exempt"
    sentence="It goes on running until then, and a new full grace begins after that. Everybody who asks is shown the reason."
    path={`/governance/${encodeURIComponent(finding.finding_id)}/exempt`}
    firstDays={exemptedDays}
    mostDays={mostDays}
    close={close}
    done={done}
  />
);

const Instances = ({ polled }: { readonly polled: Polled<Page> }): JSX.Element => {
  const [exempted, setExempted] = useState<Flagged>();
  const columns = useMemo(() => columnsOf(setExempted), []);
  return (
    <>
      <ReadOf polled={polled}>
        {({ items, cursor }) =>
          items.length === 0 ? (
            <Empty>
              Nothing runs without an owner, as far as the enforcer is on and has looked. Turn it on
              at the{" "}
              <a class="link" href="/accounts">
                account
              </a>
              : it begins with a dry run.
            </Empty>
          ) : (
            <>
              <Rows
                label="Table of instances without an owner"
                rows={instancesIn(items)}
                columns={columns}
                keyOf={({ finding_id: id }) => id}
              />
              <PageFoot shown={items.length} cursor={cursor} />
            </>
          )
        }
      </ReadOf>
      {exempted !== undefined && (
        <AskExempt
          finding={exempted}
          close={() => {
            setExempted(undefined);
          }}
          done={polled.refresh}
        />
      )}
    </>
  );
};

const UnclaimedResources = ({ polled }: { readonly polled: Polled<Page> }): JSX.Element => (
  <ReadOf polled={polled} rows={3}>
    {({ items, cursor }) =>
      items.length === 0 ? (
        <Empty>All that carries our tags belongs to an evaluation.</Empty>
      ) : (
        <>
          <Rows
            label="Table of unclaimed resources"
            rows={unclaimedIn(items)}
            columns={unclaimedColumns}
            keyOf={({ id }) => id}
            sortParameter="unclaimed_sort"
          />
          <PageFoot shown={items.length} cursor={cursor} parameter="unclaimed_cursor" />
        </>
      )
    }
  </ReadOf>
);

export const Governance = ({ route: { query } }: { readonly route: Route }): JSX.Element => {
  const account = given(query, "account_id");
  const instances = usePage("UNOWNED_INSTANCE", {
    ...account,
    ...given(query, "status"),
    ...given(query, "cursor"),
  });
  const unclaimed = usePage("UNCLAIMED_RESOURCE", {
    ...account,
    ...given(query, "unclaimed_cursor", "cursor"),
  });
  return (
    <Screen title="Governance" note="What runs without an owner, and what nothing claims.">
      <ReadOnly />
      <section class="card" aria-labelledby="instances">
        <div class="card-head">
          <h2 id="instances">Instances without an owner</h2>
          <Choice
            label="Status"
            parameter="status"
            value={query.get("status") ?? ""}
            options={choices}
          />
        </div>
        <Instances polled={instances} />
      </section>
      <section class="card below" aria-labelledby="unclaimed">
        <div class="card-head">
          <h2 id="unclaimed">Unclaimed: carries our tags, and nothing claims it</h2>
          <span class="muted">It is left as it is.</span>
        </div>
        <UnclaimedResources polled={unclaimed} />
      </section>
    </Screen>
  );
};
