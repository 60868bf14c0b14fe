/** How many instances EC2 has taken back within a week, in the regions in which there are targets: each region leads to its pools. */
import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { pollWhole } from "../api/polled.ts";
import type { Schemas } from "../api/types.ts";
import { count } from "../format.ts";
import { useReading } from "../ui/screen.tsx";

const everyMs = (): number => 300_000;

/** The sum is asked for, which is of all pools, and none of them. */
const limit = "1";

const Region = ({ region }: { readonly region: string }): JSX.Element => {
  const polled = useMemo(() => {
    const asked = new URLSearchParams({ region, limit }).toString();
    return pollWhole<Schemas["RiskPoolPage"]>(`/risk/pools?${asked}`, everyMs);
  }, [region]);
  const { losses, lab_losses: ofLab = 0 } = useReading(polled).value?.total ?? {};
  return (
    <a href={`/risk?region=${region}`}>
      {count(losses)}{" "}
      <small>
        {region}
        {ofLab > 0 && `, and ${count(ofLab)} of LAB`}
      </small>
    </a>
  );
};

/** More are told by the screen to which they lead. */
const mostRegions = 4;

/** A figure for each: they are sums of rows of different pages. */
export const Interruptions = ({
  regions,
}: {
  readonly regions: readonly string[];
}): JSX.Element => {
  const more = regions.length - mostRegions;
  return (
    <div>
      <dt>Interruptions, 7 days</dt>
      <dd class={regions.length > 1 ? "several" : undefined}>
        {regions.slice(0, mostRegions).map((region) => (
          <Region key={region} region={region} />
        ))}
        {more > 0 && (
          <a href="/risk">
            <small>
              and {count(more)} more region{more === 1 ? "" : "s"}
            </small>
          </a>
        )}
      </dd>
    </div>
  );
};
