/** Who needs a person, above everything else: what happened in words, and the way to decide. */
import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Schemas } from "../api/types.ts";
import { announce } from "../ui/live.ts";
import { Status } from "../ui/status.tsx";
import { standingMark } from "./marks.ts";

type Attention = Schemas["Fleet"]["attention"][number];

/** The others wait behind a button. */
const atOnce = 3;

/** Where it is decided. */
const linkOf = ({
  approval_id: approval,
  evaluation_id: evaluation,
  target_id: target,
}: Attention) =>
  approval !== undefined
    ? { href: `/approvals/${approval}`, verb: "Review…" }
    : evaluation !== undefined
      ? { href: `/evaluations/${evaluation}`, verb: "Decide…" }
      : { href: `/targets/${target}`, verb: "Look…" };

const Row = ({ one }: { readonly one: Attention }): JSX.Element => {
  const { href, verb } = linkOf(one);
  return (
    <li>
      <span>
        <Status mark={standingMark({ ...one, moving: null })} isPill />
      </span>
      <b>{one.name}</b>
      <span class="why">{one.sentence}</span>
      <a class="button" href={href} aria-label={`${verb.replace("…", "")}: ${one.name}`}>
        {verb}
      </a>
    </li>
  );
};

export const NeedsYou = ({
  attention,
  total,
}: {
  readonly attention: readonly Attention[];
  /** More than are listed. */
  readonly total: number;
}): JSX.Element | null => {
  const [isWhole, setWhole] = useState(false);
  const before = useRef(total);
  useEffect(() => {
    if (total > before.current) announce(`${String(total)} targets need you.`);
    before.current = total;
  }, [total]);
  if (attention.length === 0) return null;
  const shown = isWhole ? attention : attention.slice(0, atOnce);
  const hidden = total - shown.length;
  return (
    <section class="card need" aria-label="Needs you">
      <ul>
        {shown.map((one) => (
          <Row key={`${one.target_id} ${one.standing}`} one={one} />
        ))}
      </ul>
      {!isWhole && hidden > 0 && (
        <button
          type="button"
          class="plain more"
          onClick={() => {
            setWhole(true);
          }}
        >
          {hidden} more
        </button>
      )}
    </section>
  );
};
