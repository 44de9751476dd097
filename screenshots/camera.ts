import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { chromium } from 'playwright-core';

/** A browser that looks at the Temporal UI. */
export interface Camera {
  /** Takes a tab of a workflow's page, once it shows `text`. */
  workflow: (name: string, shot: WorkflowShot) => Promise<void>;
  /** Takes the list, filtered, with our columns, once it shows `text`. */
  list: (name: string, shot: { query: string; text: string; height: number }) => Promise<void>;
  close: () => Promise<void>;
}

export interface WorkflowShot {
  workflowId: string;
  tab: 'timeline' | 'pending-activities' | 'user-metadata';
  text: string;
  /** Of the picture, in pixels from the head of the page; unless given, down to the end of the details. */
  height?: number;
}

export interface CameraOptions {
  uiUrl: string;
  executablePath: string;
  outDir: string;
}

const VIEWPORT = { width: 1400, height: 1200 };
/** The list has columns of ids. */
const LIST_WIDTH = 1800;
/** What is left and above of it is the UI's own navigation. */
const CONTENT = { x: 212, y: 60 };
const MARGIN = 24;
const TIMEOUT_MS = 20_000;
const COLUMNS = ['TablehookOutcome', 'TablehookEventType', 'TablehookTableId', 'TablehookRecordId'];
const IN_THE_WAY = ['Run ID', 'Type', 'Start', 'End'];

/** Opens a headless browser. */
export async function openCamera({ uiUrl, executablePath, outDir }: CameraOptions): Promise<Camera> {
  const browser: Browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const context = await browser.newContext({ viewport: VIEWPORT, locale: 'en-US', timezoneId: 'UTC' });
  context.setDefaultTimeout(TIMEOUT_MS);
  const page = await context.newPage();
  const workflows = `${uiUrl}/namespaces/default/workflows`;
  const take = async (name: string, height: number) => {
    const { width } = page.viewportSize() ?? VIEWPORT;
    const clip = { ...CONTENT, width: width - CONTENT.x, height };
    await page.screenshot({ path: join(outDir, `${name}.png`), clip, animations: 'disabled' });
  };
  return {
    workflow: async (name, { workflowId, tab, text, height }) => {
      await page.setViewportSize(VIEWPORT);
      await page.goto(`${workflows}/${encodeURIComponent(workflowId)}`);
      await page.getByTestId(`${tab}-tab`).click();
      // The UI renders what workflows say of themselves in frames, the current details in the last one.
      const frame = page.locator('iframe').last();
      const place = tab === 'user-metadata' ? frame.contentFrame() : page;
      await place.getByText(text).first().waitFor();
      await take(name, height ?? (await bottomOf(frame)) - CONTENT.y);
    },
    list: async (name, { query, text, height }) => {
      await page.setViewportSize({ ...VIEWPORT, width: LIST_WIDTH });
      await page.goto(`${workflows}?query=${encodeURIComponent(query)}`);
      await chooseColumns(page);
      await page.getByText(text).first().waitFor();
      await take(name, height);
    },
    close: async () => browser.close(),
  };
}

/** Of what a frame holds, in pixels from the head of the page. */
async function bottomOf(frame: Locator): Promise<number> {
  const body = frame.contentFrame().locator('body > *').last();
  const box = (await body.boundingBox()) ?? { y: 0, height: VIEWPORT.height };
  return Math.min(VIEWPORT.height, Math.ceil(box.y + box.height) + MARGIN);
}

/** As a person would: the UI keeps the choice in the browser. */
async function chooseColumns(page: Page): Promise<void> {
  await page.getByTestId('workflows-summary-table-configuration-button').waitFor();
  if ((await page.getByRole('columnheader', { name: 'TablehookOutcome' }).count()) > 0) return;
  await page.getByLabel('Collapse saved views').click();
  await page.getByTestId('workflows-summary-table-configuration-button').click();
  const press = async (name: string, what: 'add' | 'remove') =>
    page.getByTestId(`orderable-list-item-${name}-${what}-button`).click();
  for (const name of IN_THE_WAY) await press(name, 'remove');
  for (const name of COLUMNS) await press(name, 'add');
  await page.reload();
}
