"""How a run shows itself in a notebook."""

import html
from base64 import b64encode
from typing import TYPE_CHECKING

from cortex.analysis.reference import ANY, band_text

if TYPE_CHECKING:
    from cortex.experiment.result import Result


def run_html(run: "Result") -> str:
    """Return the table of measures with their bands, and the main figure, as HTML."""
    rows = []
    scores, missing, bands = run.scores, run.missing, run.bands
    declared = run.record.get("declared", {})
    for name, value in run.measures.items():
        about = declared.get(name, {})
        unit = about.get("unit", "1")
        cells = (
            f'<span title="{html.escape(about.get("sentence", ""))}">{html.escape(name)}</span>',
            html.escape(missing[name] if name in missing else f"{value:.4g}" + (f" {unit}" if unit != "1" else "")),
            f"{run.predictions[name]:.4g}" if name in run.predictions else "",
            html.escape(band_text(bands.get(name, ANY))),
            {"inside": "yes"}.get(scores.get(name, ""), scores.get(name, "")),
        )
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th>{title}</th>" for title in ("measure", "value", "prediction", "band", "ok"))
    note = f"<p>Bands are not scored: {html.escape(run.unscored)}.</p>" if run.unscored else ""
    picture = ""
    if run.main_figure:
        encoded = b64encode(run.main_figure.read_bytes()).decode()
        name = html.escape(run.main_figure.stem)
        picture = f'<p><img alt="{name}" style="max-width: 100%" src="data:image/png;base64,{encoded}"></p>'
    title = f"<p><b>{html.escape(run.scenario)}</b>, seed {run.seed}, replicate {run.replicate}</p>"
    return f"{title}<table><tr>{head}</tr>{''.join(rows)}</table>{note}{picture}"
