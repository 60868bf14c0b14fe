/** Rows that were selected, and what can be done to all of them: they are evaluated. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { count } from "../format.ts";
import { settings } from "../settings.ts";
import { Action } from "../ui/action.tsx";
import { sentences } from "../ui/facts.tsx";
import { Notice } from "../ui/notice.tsx";
import { useKeys } from "../ui/use-keys.ts";
import { nameOf } from "./cells.tsx";
import { AskEvaluate, begunText, type Begun, type Evaluated } from "./evaluate.tsx";
import type { RowsById } from "./rows.ts";

export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly toggle: (targetId: string) => void;
  readonly clear: () => void;
  /** What is asked about. Undefined: nothing is. */
  readonly asked: readonly Evaluated[] | undefined;
  /** About what is selected, else about the current row. */
  readonly ask: () => void;
  readonly close: () => void;
}

const evaluatedOf = (rows: RowsById, ids: Iterable<string>): readonly Evaluated[] =>
  [...ids].flatMap((id) => {
    const row = rows.get(id);
    return row === undefined ? [] : [{ id, name: nameOf(row), isShadow: row.is_shadow_mode }];
  });

/** @param current row of the focus */
export const useSelection = (rows: RowsById, current: string | undefined): Selection => {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [asked, setAsked] = useState<readonly Evaluated[]>();
  const ask = (): void => {
    const found = evaluatedOf(rows, ids.size > 0 ? ids : current === undefined ? [] : [current]);
    if (found.length > 0 && settings.mayWrite) setAsked(found);
  };
  useKeys([{ keys: "e", means: "Evaluate what is selected, or the row", run: ask }]);
  return {
    ids,
    toggle: (id) => {
      const next = new Set(ids);
      if (!next.delete(id)) next.add(id);
      setIds(next);
    },
    clear: () => {
      setIds(new Set());
    },
    asked,
    ask,
    close: () => {
      setAsked(undefined);
    },
  };
};

/** Where there is nothing to say nothing is shown. */
export const Selected = ({ choice }: { readonly choice: Selection }): JSX.Element => {
  const { ids, clear, asked, ask, close } = choice;
  const [begun, setBegun] = useState<Begun>();
  return (
    <>
      {begun !== undefined && (
        <Notice tone={begun.refused.length === 0 ? "idle" : "hold"}>
          {begunText(begun)}{" "}
          <a class="link" href="/evaluations">
            To the evaluations
          </a>
          {sentences(begun.refused)}
        </Notice>
      )}
      {ids.size > 0 && (
        <div class="tools" role="group" aria-label="Selected targets">
          <b>{count(ids.size)} selected</b>
          <Action verb="Evaluate…" subject={`${count(ids.size)} selected targets`} run={ask} />
          <button type="button" class="button" onClick={clear}>
            Select none
          </button>
        </div>
      )}
      {asked !== undefined && (
        <AskEvaluate
          targets={asked}
          close={close}
          done={(told) => {
            setBegun(told);
            clear();
          }}
        />
      )}
    </>
  );
};
