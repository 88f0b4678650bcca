import assert from "node:assert/strict";
import { test } from "node:test";
import { Slots } from "../../../src/modules/ssh/slots.ts";

test("ids are never given twice, places are", () => {
  const slots = new Slots<{ readonly id: string }>();
  const put = () => {
    const item = { id: slots.nextId() };
    slots.put(item);
    return item;
  };
  const [a, b] = [put(), put()];
  assert.equal(slots.get(a.id), a);
  assert.equal(slots.delete(a), true);
  assert.equal(slots.delete(a), false);
  const c = put();
  assert.deepEqual([a.id, b.id, c.id], ["0-1", "1-2", "0-3"]);
  assert.equal(slots.get(a.id), undefined);
  assert.deepEqual(slots.list(), [c, b]);
  assert.equal(slots.size, 2);
});

test("what is no id finds nothing", () => {
  const slots = new Slots<{ readonly id: string }>();
  slots.put({ id: slots.nextId() });
  for (const id of ["", "0", "0-", "-1", "0-2", "z-1", "__proto__", "length"])
    assert.equal(slots.get(id), undefined, id);
});
