import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../../../../src/domain/payload/render-template.ts';
import { eventOf } from './changes.ts';

const render = (template: string, title = 'Ship') => renderTemplate(template, eventOf(title));
const bodyOf = (template: string, title = 'Ship'): unknown => {
  const rendered = render(template, title);
  if (!rendered.ok) throw new Error(rendered.detail);
  return JSON.parse(rendered.body);
};
const reasonOf = (template: string) => {
  const rendered = render(template);
  return rendered.ok ? rendered.body : rendered.reason;
};
const TOO_MUCH = 'it makes too much on its way';

describe('renderTemplate', () => {
  it('renders the event and its first item, as it stands, without the white space around it', () => {
    const template = '\n{ "id": "{{ event.id }}", "was": {{ item.previous | json }} }\n';
    const body = '{ "id": "chg_1", "was": {"Title":"Ship","Stage":"pending","Tags":["a"],"Extra":{"a":1}} }';
    expect(render(template)).toEqual({ ok: true, body });
  });

  it('loops, picks and formats', () => {
    const each =
      '[{% for change in item.changes %}"{{ change.fieldName | upcase }}"{% unless forloop.last %},{% endunless %}{% endfor %}]';
    expect(bodyOf(each)).toEqual(['STAGE', 'DUE', 'TAGS', 'DONE', 'EXTRA']);
    const picked =
      '{% assign stage = item.changes | where: "fieldName", "Stage" | first %}{"to":"{{ stage.to }}","at":"{{ event.timestamp | date: "%d.%m.%Y %H:%M" }}"}';
    expect(bodyOf(picked)).toEqual({ to: 'completed', at: '31.01.2026 09:30' });
    expect(
      bodyOf('[{% for i in (1..3) %}{{ i }}{% unless forloop.last %},{% endunless %}{% endfor %}]'),
    ).toEqual([1, 2, 3]);
  });

  it('takes a list as well as an object, and nothing else', () => {
    expect(bodyOf('[]')).toEqual([]);
    for (const template of ['42', '"text"', 'null', 'true']) {
      expect(reasonOf(template)).toBe('it yields JSON that is neither an object nor a list');
    }
    expect(reasonOf('{"open":')).toBe('it does not yield JSON');
    expect(reasonOf(' ')).toBe('it does not yield JSON');
  });

  it('says where a template cannot be read, with the place for its author', () => {
    const rendered = render('{\n  "a": {{ item.record.Title | shout }}\n}');
    expect(rendered).toEqual({
      ok: false,
      reason: 'it cannot be rendered, line 2, column 8',
      detail: expect.stringMatching(/line 2, column 8: undefined filter: shout in "a": \{\{ item/) as unknown,
    });
    expect(reasonOf('{% if %}')).toMatch(/line 1/);
    expect(reasonOf('{% for x in item.changes %}')).toMatch(/line 1/);
  });

  it('keeps what the event holds out of the reason, which many may read', () => {
    for (const template of [
      '{{ item.record.Title }}',
      '{"a": {{ item.record.Title }} }',
      '{{ item.record.Title | base64_decode }}',
    ]) {
      const rendered = render(template, 'S3CRET value');
      expect(rendered).toMatchObject({ ok: false });
      expect(rendered.ok || rendered.reason).not.toContain('S3CRET');
    }
  });
});

describe('values in a template', () => {
  it('are escaped between the quotes of a string, whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (title) => {
        const captured = '{% capture said %}{{ item.record.Title }}{% endcapture %}';
        const template = `${captured}{"a":"{{ item.record.Title }}","b":{{ item.record.Title | json }},"c":"{{ said }}","d":{{ said | json }}}`;
        expect(bodyOf(template, title)).toEqual({ a: title, b: title, c: title, d: title });
      }),
    );
  });

  it('are correct JSON behind the filter json, whatever they are', () => {
    const value = fc.oneof(fc.jsonValue(), fc.constant(undefined));
    fc.assert(
      fc.property(value, (any) => {
        const event = eventOf('x');
        const [item] = event.items;
        const record = { Any: any } as NonNullable<typeof item.record>;
        const rendered = renderTemplate('{"any":{{ item.record.Any | json }}}', {
          ...event,
          items: [{ ...item, record }],
        });
        expect(rendered).toEqual({ ok: true, body: `{"any":${JSON.stringify(any) ?? 'null'}}` });
      }),
    );
    expect(
      bodyOf(
        '[{{ nil | json }},{{ empty | json }},{{ item.none.such | json }},{{ 1 | divided_by: 0 | json }}]',
      ),
    ).toEqual([null, '', null, null]);
  });

  it('are put out as they are behind the filter raw', () => {
    expect(bodyOf(`{% assign text = '{"a":1}' %}{{ text | raw }}`)).toEqual({ a: 1 });
  });
});

describe('a template', () => {
  it('reaches nothing but the event', () => {
    const reached = [
      'event.constructor',
      'event.constructor.name',
      'item.__proto__',
      'item.changes.constructor',
      '"x".constructor',
      'item["constructor"]',
      'globalThis',
      'process.env',
      'this',
      'settings',
      'engine',
    ];
    for (const path of reached) expect(bodyOf(`["{{ ${path} }}"]`)).toEqual(['']);
  });

  it.each(['include', 'render', 'layout', 'block', 'tablerow'])('has no tag %s', (tag) => {
    const rendered = render(`{% ${tag} '/etc/passwd' %}`);
    expect(rendered.ok || rendered.detail).toContain(`tag "${tag}" not found`);
  });

  it.each(['where_exp', 'find_exp', 'group_by_exp', 'concat', 'push', 'sample', 'strip_html'])(
    'has no filter %s',
    (filter) => {
      const rendered = render(`["{{ item | ${filter}: 'x', 'y' }}"]`);
      expect(rendered.ok || rendered.detail).toContain(`undefined filter: ${filter}`);
    },
  );

  it.each([
    ['1..100000000'],
    // Where numbers have no successors, a range never ends.
    ['10000000000000000..10000000000000002'],
    ['1..item.recordVersion'],
    ['1..1.5'],
    ['(1..2)..3'],
  ])('has no range (%s)', (range) => {
    for (const template of [
      `[{% for i in (${range}) %}{% endfor %}]`,
      `{% assign list = (${range}) %}[]`,
      `[{{ (${range}) | size }}]`,
      `[{{ item.changes | join: (${range}) | size }}]`,
      `{% liquid\n assign list = (${range})\n%}[]`,
      `[{% if (${range}) contains 1 %}{% endif %}]`,
    ]) {
      expect(reasonOf(template)).toMatch(/^it cannot be rendered/);
    }
  });

  it('smuggles no range in as the name of a property', () => {
    const range = '(10000000000000000..10000000000000002)';
    for (const filter of ['where', 'reject', 'find', 'has']) {
      expect(reasonOf(`[{{ item.changes | ${filter}: "${range}", 1 | size }}]`)).toMatch(/^it cannot be/);
      const parts = `{% assign parts = "${range}" | split: "" %}`;
      expect(reasonOf(`${parts}[{{ item.changes | ${filter}: parts, 1 | size }}]`)).toMatch(/^it cannot be/);
    }
  });

  it('is stopped when it loops for too long', () => {
    const loop = (body: string) => `{% for i in item.changes %}${body}{% endfor %}`;
    let template = '';
    for (let depth = 0; depth < 30; depth += 1) template = loop(template);
    expect(reasonOf(`[${template}]`)).toBe('it takes too long to render');
  });

  it.each([
    ['doubling a text', '{% assign s = s | append: s %}'],
    ['capturing a text twice', '{% capture s %}{{ s }}{{ s }}{% endcapture %}'],
    ['replacing', '{% assign s = s | replace: "a", "aaaaaaaaaaaaaaaaaaaaaaaaaaaa" %}'],
    ['joining', '{% assign s = s | split: "" | join: s %}'],
    ['encoding', '{% assign s = s | append: "ä" | append: s | url_encode %}'],
  ])('is stopped when it makes too much by %s', (_name, step) => {
    expect(reasonOf(`{% assign s = "aaaaaaaaaa" %}${step.repeat(60)}["{{ s }}"]`)).toBe(TOO_MUCH);
  });

  it('is stopped sooner once it took too long, and still makes what is soon made', () => {
    const template =
      '{% if item.record.Title == "heavy" %}{% for a in (1..90) %}{% for b in (1..9000) %}{% if a == b %}{% endif %}{% endfor %}{% endfor %}{% endif %}{"v":1}';
    const took = (count: number) => {
      const startedAt = performance.now();
      for (let index = 0; index < count; index += 1) expect(render(template, 'heavy').ok).toBe(false);
      return performance.now() - startedAt;
    };
    const first = took(1);
    expect(took(5)).toBeLessThan(first);
    expect(bodyOf(template)).toEqual({ v: 1 });
  });

  it('is stopped when it pads, or puts out, too much', () => {
    expect(reasonOf('["{{ "now" | date: "%999999999d" }}"]')).toBe(TOO_MUCH);
    const much = '{% assign s = "aaaaaaaaaaaaaaaaaaaa" %}' + '{% assign s = s | append: s %}'.repeat(12);
    expect(reasonOf(`${much}["${'{{ s }}'.repeat(10)}"]`)).toBe('it yields more than 524288 characters');
  });

  it('may be as long as it may be, nested beyond the stack, and does no harm', () => {
    expect(reasonOf(`["${' '.repeat(20_000)}"]`)).toMatch(/^it cannot be rendered/);
    const nested = '{%if 1%}'.repeat(900) + '1' + '{%endif%}'.repeat(900);
    expect(typeof reasonOf(nested)).toBe('string');
  });
});
