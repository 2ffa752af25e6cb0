"""Numbers from papers: the one place in which they stand.

Sections follow the path from the skin to the trained map. A parameter takes default and source from here, as
``REFERENCES["pyramidal.C"].text`` and ``.citation``; a measure takes its band, as
``REFERENCES["jenkins1990.expansion"].band``.
"""

from cortex.analysis.reference import ANY, Reference

JENKINS = ("Jenkins et al. 1990", "10.1152/jn.1990.63.1.82")
XERRI_RAT = ("Xerri et al. 1994", "10.1523/JNEUROSCI.14-03-01710.1994")
XERRI_MONKEY = ("Xerri et al. 1999", "10.1093/cercor/9.3.264")
RECANZONE = ("Recanzone et al. 1992", "10.1093/cercor/2.3.181")
MERZENICH = ("Merzenich et al. 1984", "10.1002/cne.902240408")
SUR = ("Sur et al. 1980", "10.1152/jn.1980.44.2.295")
GARRAGHTY = ("Garraghty and Sur 1990", "J Comp Neurol 294:583-593")
DICARLO = ("DiCarlo et al. 1998", "10.1523/JNEUROSCI.18-07-02626.1998")
DICARLO_VELOCITY = ("DiCarlo and Johnson 1999", "10.1523/JNEUROSCI.19-01-00401.1999")
TURNER = ("Turner et al. 2016", "10.1159/000446762")
TOUCHSIM = ("Saal et al. 2017", "10.1073/pnas.1704856114")
VOGELS = ("Vogels et al. 2011", "10.1126/science.1211095")
SONG = ("Song et al. 2000", "10.1038/78829")
SHOHAM = ("Shoham et al. 2006", "10.1007/s00359-006-0117-6")
LEFORT = ("Lefort et al. 2009", "10.1016/j.neuron.2008.12.020")
TYPICAL = ("typical value", "no single source")
FLUTTER = ("Recanzone et al. 1992", "J Neurophysiol 67:1031-1056")
CLARK = ("Clark et al. 1988", "10.1038/332444a0")
BLAKE = ("Blake et al. 2005", "PMC2826984")
WANG = ("Wang et al. 1995", "10.1038/378071a0")
MEDIAN_NERVE = ("Merzenich et al. 1983", "Neuroscience 8:33-55 and 10:639-665")
MOLINA_LUNA = ("Molina-Luna et al. 2008", "PubMed 18329289")
WENGER = ("Wenger et al. 2017", "Trends Cogn Sci 21:930-939")
GODDE = ("Godde et al. 2000", "10.1523/JNEUROSCI.20-04-01597.2000")
BYL = ("Byl et al. 1996", "Neurology 47:508-520")
LESION = ("Jenkins and Merzenich 1987", "Prog Brain Res 71:249-266")

AFFERENTS = [
    Reference(f"density.{kind}.{place}", f"{kind} afferents, {place}", density, "1/cm^2", ANY, *TOUCHSIM,
              "constants.py of the authors' code, hand_density", "read", "human hand")
    for kind, densities in {"SA1": (70, 30, 10), "RA": (140, 40, 25), "PC": (25, 10, 10)}.items()
    for place, density in zip(("fingertip", "finger", "palm"), densities, strict=True)
]  # fmt: skip

DISC = [
    Reference(f"disc.{kind}.{ridges}Hz", f"{kind} rate under a surface with {ridges} ridges per second", rate, "Hz",
              band, *TOUCHSIM, "simulated with the authors' code", "computed", "8 x 8 mm contact, indentation only")
    for kind, ridges, rate, band in (
        ("SA1", 5, 8, ANY), ("SA1", 10, 9, (8, 10)), ("SA1", 20, 16, ANY),
        ("RA", 5, 9, ANY), ("RA", 10, 18, (17, 19)), ("RA", 20, 27, ANY),
    )
]  # fmt: skip

SKIN = [
    Reference("afferent.background", "rate of an untouched afferent", 0.5, "Hz", (0, 0.5), *TOUCHSIM,
              "not recorded", "recalled"),
    Reference("afferent.edge", "peak rate of an SA1 afferent under an edge", 60, "Hz", (60, 100), *TOUCHSIM,
              "not recorded", "recalled", "bursts of 60 to 100 Hz; the pair uses 60 Hz, the learner 80 Hz"),
    Reference("pad.skin", "skin of a distal finger pad of a small owl monkey", 30, "mm^2", ANY, *TYPICAL, "none",
              "recalled"),
]  # fmt: skip

CELLS = [
    *(
        Reference(f"pyramidal.{name}", f"{quantity} of an excitatory cell", value, unit, ANY, *VOGELS,
                  "Vogels_et_al_2011.py, examples of Brian2", "read")
        for name, quantity, value, unit in (
            ("C", "capacitance", 200, "pF"), ("gL", "leak", 10, "nS"), ("EL", "resting potential", -60, "mV"),
            ("threshold", "threshold", -50, "mV"), ("refractory", "refractory time", 5, "ms"),
            ("tau_ampa", "excitatory synaptic time constant", 5, "ms"),
            ("tau_gaba", "inhibitory synaptic time constant", 10, "ms"),
            ("E_gaba", "inhibitory reversal potential", -80, "mV"),
        )
    ),
    Reference("pyramidal.E_ampa", "excitatory reversal potential of an excitatory cell", 0, "mV", ANY, *VOGELS,
              "Vogels_et_al_2011.py, examples of Brian2", "recalled", "implied by the term g_ampa*v"),
    Reference("pyramidal.refractory_cortex", "refractory time of cortical pyramidal cells", 2, "ms", (2, 5), *TYPICAL,
              "none", "recalled", "the models use 2 ms, Vogels et al. 5 ms (pyramidal.refractory)"),
    *(
        Reference(f"PV.{name}", f"{quantity} of a fast-spiking cell", value, unit, ANY, *TYPICAL, "none", "recalled",
                  "round number for parvalbumin cells of sensory cortex")
        for name, quantity, value, unit in (
            ("C", "capacitance", 100, "pF"), ("gL", "leak", 10, "nS"), ("EL", "resting potential", -65, "mV"),
            ("threshold", "threshold", -47, "mV"), ("reset", "reset potential", -60, "mV"),
            ("refractory", "refractory time", 1.5, "ms"),
        )
    ),
]  # fmt: skip

CORTEX = [
    Reference("density.neurons", "neurons under 1 mm^2 of macaque cortex", 135e3, "1/mm^2", (93e3, 177e3), *TURNER,
              "abstract", "read", "value is the middle of the range; somatosensory cortex lies above average"),
    Reference("density.neurons.owl_monkey", "neurons under 1 mm^2 of area 3b", 100e3, "1/mm^2", (75e3, 100e3), *TYPICAL,
              "none", "recalled", "owl monkey; the sheet's 0.5 % refers to this value, not to that of the macaque"),
    Reference("inhibitory_share", "inhibitory neurons, share of all", 0.2, "1", ANY, *TYPICAL, "none", "recalled",
              "PV cells are the larger part of them"),
    Reference("idle_share", "cells that rarely or never fire, share of excitatory ones", 0.85, "1", (0.6, 0.9), *SHOHAM,
              "text", "recalled", "the paper gives no number for cortex; the band is this project's reading"),
    Reference("connection.EE", "probability of a contact between neighbouring pyramidal cells", 0.2, "1", (0.1, 0.2),
              *LEFORT, "text", "recalled"),
    Reference("reach.lateral", "standard deviation of the reach of pyramidal axons", 0.35, "mm", (0.2, 0.35), *TYPICAL,
              "none", "recalled", "dense within 0.5 mm"),
    Reference("reach.PV", "standard deviation of the reach of PV axons", 0.15, "mm", (0.12, 0.2), *TYPICAL, "none",
              "recalled"),
    Reference("area.digit", "area 3b of one digit", 0.6, "mm^2", (0.6, 1), *TYPICAL, "none", "recalled",
              "owl monkey; varies severalfold between animals"),
    Reference("area.pad", "area 3b of one distal pad", 0.25, "mm^2", (0.15, 0.4), *TYPICAL, "none", "recalled",
              "owl monkey; varies severalfold between animals"),
    Reference("stdp.time_constant", "time constant of the window of STDP", 20, "ms", ANY, *SONG, "text", "recalled"),
    Reference("stdp.depression", "depression over potentiation, areas of the window", 1.05, "1", ANY, *SONG, "text",
              "recalled"),
    Reference("arbor.RA", "width of a thalamic RA axon's arbor in area 3b", 0.6, "mm", (0.35, 0.8), *GARRAGHTY,
              "abstract", "read", "macaque, the mean; one axon had four arbors over 2.5 to 3 mm"),
    Reference("arbor.SA", "width of a thalamic SA axon's arbor in area 3b", 0.37, "mm", ANY, *GARRAGHTY,
              "abstract", "read", "one axon"),
    Reference("overlap.reach", "distance at which receptive fields no longer overlap", 0.6, "mm", (0.5, 0.7), *SUR,
              "text", "recalled", "rule confirmed in the abstract of Merzenich et al. 1984"),
    Reference("overlap.limit", "distance over which a map reorganises", 0.6, "mm", (0.5, 0.7), *MERZENICH,
              "text", "recalled"),
    Reference("field.single_centre", "fields with one excitatory centre", 0.94, "1", (0.85, 1), *DICARLO,
              "abstract", "read", "247 repeatable fields of 330 cells, alert macaque"),
    Reference("field.area", "excitatory field on a finger pad", 14, "mm^2", (3, 43), *DICARLO, "text", "recalled"),
    Reference("delay", "delay from skin to excitation", 15.5, "ms", (12, 19), *DICARLO_VELOCITY, "abstract", "read",
              "84 cells"),
]  # fmt: skip

TRAINING = [
    Reference("jenkins1990.expansion", "area of the trained skin, after / before", 2.5, "1", (1.5, 3), *JENKINS,
              "text", "recalled", "expansion itself read in the abstract; recalled range 1.5 to 4, typically 2 to 3"),
    Reference("jenkins1990.rf_ratio", "receptive field on trained skin, after / before", 0.5, "1", (0.25, 0.8),
              *JENKINS, "text", "recalled", "'unusually small' read in the abstract"),
    Reference("jenkins1990.other_digits", "area of the other digits, after / before", 1, "1", (0.8, 1.2), *JENKINS,
              "text", "recalled", "read in the abstract: they move, striking changes of area are on trained skin"),
    Reference("xerri1994.expansion", "area of the nursing rat's ventrum / controls", 1.6, "1", (1.4, 2.2), *XERRI_RAT,
              "abstract", "read", "about 2 for the nipple-bearing skin, not significant for the skin between"),
    Reference("xerri1994.rf_ratio", "receptive field on the ventrum / controls", 1 / 3, "1", (0.25, 0.5), *XERRI_RAT,
              "abstract", "read", "'about one-third'"),
    Reference("xerri1999.expansion", "magnification of engaged fingertips / other fingertips", 2, "1", (1.6, 2.4),
              *XERRI_MONKEY, "abstract", "read", "'nearly 2x'; seven owl and two squirrel monkeys, pellet retrieval"),
    Reference("xerri1999.rf_ratio", "receptive field on engaged fingertips / other fingertips", 0.5, "1", (0.35, 0.65),
              *XERRI_MONKEY, "text", "recalled"),
    Reference("recanzone1992e.teacher", "overlap of the stimulated site's field with itself, before and after", 1, "1",
              (0.9, 1), *RECANZONE, "abstract", "read", "'did not usually affect'; 2 to 6 h of 5-uA microstimulation"),
    Reference("recanzone1992e.recruited", "sites that overlap the stimulated site's field, after / before", 2, "1",
              (1.5, 4), *RECANZONE, "text", "recalled", "increase over several hundred um read in the abstract"),
]  # fmt: skip

ATLAS = [
    Reference("sur1980.static_slope", "slope of log field size on log magnification, over one map", -1, "1",
              (-1.6, -0.7), *SUR, "text", "recalled"),
    Reference("sur1980.static_fit", "R^2 of that relation", 0.7, "1", (0.5, 1), *SUR, "none", "recalled",
              "the band is this project's reading"),
    Reference("xerri1994.change_slope", "log of the change of fields / log of the change of magnification", -1.58, "1",
              (-2.3, -1), *XERRI_RAT, "computed from the abstract's ratios", "computed", "fields 1/3, area 2 times"),
    Reference("flutter.radius", "spread in the skin of a vibrating 1-mm pin", 1.4, "mm", ANY, *TOUCHSIM,
              "simulated with the authors' code", "computed",
              "RA fibres within 2.5 mm fire at 0.49 of the best one's rate, 20 Hz, 200 um"),
    Reference("recanzone1992.expansion", "area that answers to the vibrated skin, after / before", 2, "1", (1.5, 3.5),
              *FLUTTER, "text", "recalled", "1.5 to more than 3 times controls"),
    Reference("recanzone1992.rf_ratio", "receptive field at sites of the vibrated skin, after / before", 1.5, "1",
              (1.3, 3), *FLUTTER, "text", "recalled", "larger and more overlapping; the size is not remembered"),
    Reference("clark1988.two_digits_before", "fields over two digits near a border, before fusion", 0, "1", (0, 0.05),
              *CLARK, "text", "recalled"),
    Reference("clark1988.two_digits", "fields over two digits near the border of fused digits", 0.6, "1", (0.4, 1),
              *CLARK, "text", "recalled", "over 0.5 to 1 mm; the band is this project's reading"),
    Reference("clark1988.border_step", "jump of field centres at the border, after / before fusion", 0.2, "1",
              (None, 0.4), *CLARK, "text", "recalled", "'discontinuity abolished'; the band is this project's reading"),
    Reference("wang1995.ratio", "fields over two digits, stimulated together / in turn", 10, "1", (5, None), *WANG,
              "text", "recalled"),
    Reference("blake2005.two_digits", "fields over two digits after taps 100 ms apart", 0.2, "1", (0.05, 0.4), *BLAKE,
              "abstract", "read", "they develop over four weeks; the share is this project's reading"),
    Reference("blake2005.rf_ratio", "receptive field at sites that answer to the taps, after / before", 2, "1",
              (1.8, 3), *BLAKE, "abstract", "read", "'more than doubled'"),
    Reference("merzenich1983.unmasked", "silenced territory that answers at once to other skin", 0.25, "1",
              (0.15, 0.4), *MEDIAN_NERVE, "text", "recalled", "21 % by ulnar inputs in Silva et al. 1996, read"),
    Reference("merzenich1983.refilled", "silenced territory that answers to other skin months later", 1, "1", (0.8, 1),
              *MEDIAN_NERVE, "abstract", "read", "'completely occupied'"),
    Reference("merzenich1983.order", "rank correlation of field centre and place in the refilled territory", 0.9, "1",
              (0.8, 1), *MEDIAN_NERVE, "abstract", "read", "'topographic'; the band is this project's reading"),
    Reference("merzenich1984.silent_core", "territory of two lost digits without response, months later", 0.2, "1",
              (0.05, 0.4), *MERZENICH, "text", "recalled"),
    Reference("molina_luna2008.return", "share of an expansion that is gone after as long without training", 1, "1",
              (0.7, 1.3), *MOLINA_LUNA, "abstract", "read", "map back at baseline after 8 days; motor cortex of rats"),
    Reference("molina_luna2008.retention", "skill after return / at the peak, above chance", 1, "1", (0.95, None),
              *MOLINA_LUNA, "abstract", "read", "skill retained; motor cortex of rats"),
    Reference("wenger2017.return", "share of a growth that is gone while training goes on", 0.6, "1", (0.3, 1),
              *WENGER, "abstract", "read", "partial, in 3 weeks after 4; grey matter of human motor cortex"),
    Reference("godde2000.dose", "effect of a quarter of the dose / of the full dose", 0, "1", (None, 0.2), *GODDE,
              "abstract", "read", "30 min are not enough, 2 h are"),
    Reference("byl1996.rf_ratio", "receptive field after massed synchronous movement / before", 10, "1", (5, 20), *BYL,
              "abstract", "read", "10 to 20 times normal; the lower end is this project's reading"),
    Reference("byl1996.two_digits", "fields over two digits or more", 0.4, "1", (0.3, 1), *BYL, "text", "recalled"),
    Reference("lesion.recovered", "lost skin that is represented again beside the lesion", 0.8, "1", (0.6, 1), *LESION,
              "text", "recalled"),
    Reference("lesion.rf_ratio", "receptive field of that skin, after / before", 2, "1", (1.5, 4), *LESION, "text",
              "recalled"),
]  # fmt: skip

REFERENCES = {entry.name: entry for entry in (*AFFERENTS, *DISC, *SKIN, *CELLS, *CORTEX, *TRAINING, *ATLAS)}
"""Every reference by its name."""
