"""Reports of different houses' styles, all fiction, as the paragraphs that a reader yields.

One line of a source is one paragraph: ``# `` to ``### `` before a heading of that level, ``*…*``
around a bold one, ``[4.2] `` before one that the word processor numbered, ``{footnote} `` before
one beside the flow, ``\\n`` for a line break inside it.
"""

from __future__ import annotations

import re

from kb.ingest.tables import Paragraph


def paragraphs(source: str) -> list[Paragraph]:
    lines = [line for line in source.strip().splitlines() if line.strip()]
    return [_paragraph(line.strip(), f"paragraph {n}") for n, line in enumerate(lines, start=1)]


def _paragraph(line: str, place: str) -> Paragraph:
    aside = re.match(r"\{(.+?)\} ", line)
    line = line[aside.end() :] if aside else line
    heading = re.match(r"(#+) ", line)
    line = line[heading.end() :] if heading else line
    label = re.match(r"\[(.+?)\] ", line)
    line = line[label.end() :] if label else line
    strong = re.fullmatch(r"\*(.+)\*", line)
    return Paragraph(
        (strong[1] if strong else line).replace("\\n", "\n"),
        place,
        label=label[1] if label else None,
        level=len(heading[1]) if heading else 0,
        strong=bool(strong),
        aside=aside[1] if aside else None,
    )


# Word with heading styles and automatic numbers; agencies as sub-headings; a lead-in with parts.
STYLED = """
Safer Tarnmoor Partnership
Domestic Homicide Review
Overview Report
In respect of Willow
Independent Chair and Author: M. Penhallow
Report completed: 14 March 2021
{page header} OFFICIAL – Willow
Contents
1. Introduction	3
2. Analysis	9
3. Conclusions	17
4. Recommendations	19
Appendix A: Terms of reference	23
# [1] Introduction
[1.1] This review concerns the death of Willow in June 2019. All agencies should be thanked for their candour.
[1.2] The panel recommends that the reader begins with the chronology.
# [2] Analysis
[2.1] Officers should have completed a DASH and they should have referred Willow to the MARAC.
[2.2] Every practitioner should know what coercive control is, and this was not so here.
# [3] Conclusions
[3.1] Opportunities were missed. Services must do better.
# [4] Recommendations
[4.1] The panel makes the following recommendations, which have been agreed by each agency.
## Safer Tarnmoor Partnership
[4.2] The Partnership should:
[(a)] commission a campaign that reaches friends, families and employers;
[(b)] report each year on how many people the campaign has reached; and
[(c)] share its materials with neighbouring areas.
## Tarnmoor Constabulary
[4.3] Tarnmoor Constabulary should ensure that every call handler checks for earlier reports of domestic abuse.
[4.4] Training for new officers should cover:
[•] coercive and controlling behaviour
[•] non-fatal strangulation
[•] abuse of older people
## National recommendations
[4.5] It is recommended that the Home Office publishes guidance on abuse by adult children.
# Appendix A: Terms of reference
[1] The review should examine how agencies worked together.
[2] The review should be completed within six months.
{footnote} The Partnership should be read as its executive group.
"""

# PDF without styles: typed numbers, capitals as headings, "Recommendation 1" on a line of its own.
OWN_LINES = """
EXECUTIVE SUMMARY
DOMESTIC HOMICIDE REVIEW
into the death of ‘Anna’
who died in March 2018
Fellside Community Safety Partnership
Version 5 – June 2020
1. THE REVIEW PROCESS
1.1 This summary outlines the process that the review panel undertook. It should be read with the overview report.
6. LESSONS LEARNED
6.1 Professionals should be curious. Anna was seen eleven times and never alone.
7. RECOMMENDATIONS
7.1 The following recommendations are made by the panel.
Recommendation 1
Anna attended the surgery eleven times. On none of these was she asked about home.
Fellside Integrated Care Board should introduce routine enquiry about domestic abuse in every GP practice.
Recommendation 2
Fellside Council should review the training of its housing officers.
This should include economic abuse and how to record it.
Rationale: Housing officers told the review that they did not recognise economic abuse.
Timescale: September 2020
Lead agency: Fellside Council Housing Service
Recommendation 3
The Community Safety Partnership should assure itself that:
i) every agency has a policy on domestic abuse among its own staff;
ii) those policies are reviewed every two years.
8. CONCLUSION
8.1 The panel thanks the family. Agencies must not forget Anna.
GLOSSARY
MARAC – Multi-agency risk assessment conference
"""

# "Recommendation 1: …" in bold with background around; recommendations again in a closing list.
ALTERNATING = """
# Overview report
## Learning and recommendations
### Learning point 1: Information sharing
The school held information that the health visitor did not have. Professionals should share what they know.
*Recommendation 1: Quillerby Safeguarding Children Partnership to audit how schools and health visitors share information.*
### Learning point 2: Elder abuse
Staff did not ask Mr B about his grandson. Carers' assessments should be offered to all.
*Recommendation 2: Adult Social Care should ask about abuse by family members in every carer's assessment.*
The panel noted that work on this has begun.
### Learning point 3: Firearms
*Recommendation 3 (National): The Home Office should consult on the medical checks for a shotgun certificate.*
## Summary of recommendations
Recommendation 1: Quillerby Safeguarding Children Partnership to audit how schools and health visitors share information.
Recommendation 2: Adult Social Care should ask about abuse by family members in every carer’s assessment.
Recommendation 3: The Home Office should consult on the medical checks for a shotgun certificate.
## Conclusion
Mr B's death was not predictable.
"""

# An executive summary with a bulleted list, typed bullets, no numbers.
BULLETED = """
*Executive Summary of the Domestic Homicide Review into the death of Rose*
*Saltreach Community Safety Partnership*
*Introduction*
This summary describes the review. Agencies should read the full report.
*Key findings*
• Rose was not asked.
• Agencies should have shared information about the bail conditions.
*Recommendations from the review*
The review has made seven recommendations. These are:
• Saltreach Police to review how bail conditions are passed to the refuge.
• The refuge and Saltreach Council should agree a pathway for women without recourse to public funds.
• Review the leaflet that pharmacies hand out.
• Mandatory training for all registrars on forced marriage.
*Single agency recommendations*
Saltreach Hospitals NHS Trust:
• Emergency department staff should see every patient alone at least once.
Probation Service
• Pre-sentence reports must draw on police call-out data.
• To brief all probation officers on this review.
*Conclusion*
Rose should be remembered.
"""

# Recommendations as plain "It is recommended that" paragraphs with long numbers and context.
LONG_NUMBERS = """
Section 7: Conclusions
7.1 There was no single failure.
Section 8: Recommendations and action plan
8.1 Introduction
8.1.1 This section sets out the recommendations of the panel.
8.1.2 Agencies have already made changes, which are described in their IMRs.
8.2 Housing
8.2.1 The panel heard that the tenancy was in one name.
8.2.2 It is recommended that Wychlow Homes offers a joint tenancy review to every couple at first visit.
8.3 Mental health
8.3.1 Two assessments took place with the husband in the room.
8.3.2 It is recommended that Wychlow Partnership NHS Foundation Trust requires that part of every assessment is held alone.
8.3.3 The panel felt that this should have happened in 2016.
8.3.4 It is recommended that the Care Quality Commission considers this in its inspections.
Section 9: Dissemination
9.1 The report should be sent to all panel members.
"""

# Reviews' IMR sections, each with recommendations of its own under the agency's heading.
IMR_SECTIONS = """
# 3 Individual management reviews
## 3.1 Heronsea Constabulary
3.1.1 The IMR was thorough.
### Recommendations
1. Body-worn video should be switched on at every domestic incident.
2. Supervisors should review each standard-risk DASH within 48 hours.
## 3.2 NHS Heronsea ICB
3.2.1 The GP should have been told.
### Recommendations
1. Practices should place a marker on the records of both partners.
# 4 Recommendations made in previous Heronsea reviews
1. Heronsea Council should hold an annual conference.
2. Heronsea Council should write to all schools.
# 5 Overview report recommendations
Overview Recommendation 1: Heronsea Community Safety Partnership should publish the learning from this review.
Overview Recommendation 2: All agencies must tell their staff how to use the new referral form.
# 6 Bibliography
Home Office (2016) Multi-agency statutory guidance. Agencies should read it.
"""

# Inline parts, a lead-in naming who is asked, R-numbers, labels with titles.
INLINE = """
5. Recommendations
5.1 The Board is asked to note that these recommendations should be read together.
5.2 It is recommended that the Safer Larkmoor Partnership:
a) writes to the Ministry of Justice about the length of restraining orders;
b) asks the family what they wish to be said in public.
5.3 Larkmoor Council should: (a) open a fund for locks and alarms; (b) tell every tenant about it; and (c) count how often it is used.
5.4 Larkmoor College should appoint a lead for domestic abuse.
6. Conclusion
6.1 Larkmoor must learn.
"""

TITLED = """
# Recommendations
R1 – Recognising stalking
Eskwater Constabulary should give every officer in charge of a stalking case the national checklist.
R2 – Employers
Jobcentre Plus should tell employers in Eskwater where to get advice.
Employers in the area said that they did not know whom to call.
R3 – Faith groups
The Partnership should work with faith groups to translate its leaflet.
# Glossary
"""

# Plain text wrapped by hand, one paragraph a line of the file; headings by words alone.
WRAPPED = """
DOMESTIC ABUSE RELATED DEATH REVIEW
Overview report into the death of Juniper

Commissioned by Northbeck Community Safety Partnership
Date of report: May 2024

12. Recommendations

The panel makes three recommendations to the partnership and to
its members.

1. Northbeck Borough Council should set up a single point of contact
   for employers who are worried about a member of staff, and should
   tell every employer about it.

2. The Northbeck Integrated Care Board should ensure that learning from
   suicides linked to domestic abuse is shared with every practice in
   the borough.

3. Review the information that is given to bereaved families so that it
   names the advocacy service.

Appendix 1: Terms of reference

1. The review should consider each agency's contact with Juniper.
"""

PLAIN = """
# Lessons and recommendations
Ivy's employer had no policy. Employers should understand that abuse follows people to work.
The review found that agencies should have spoken to her sister.
## Recommendations for the Community Safety Partnership
The Community Safety Partnership should invite the chamber of commerce to join its domestic abuse board.
The board has met twice since the review began.
It is recommended that the Community Safety Partnership publishes a model policy for small employers.
## Recommendations for Hartsmere University
Hartsmere University should train its personal tutors to respond to disclosures of abuse.
# Post-script
Ivy's family should be thanked.
"""

BOXES = """
# 6. Key learning
6.1 Interpreters were not used. Professionals should use them.
{text box} Recommendation 4: Pellgate Council should pay for interpreters at every child protection conference.
6.2 Nobody asked the neighbour.
{text box} Recommendation 5\\nPellgate Housing Association should ask neighbours what they know when it gets a complaint about noise.
6.3 See recommendation 4 above. Recommendation 4 was accepted at once.
"""

WORDY_LEAD_INS = """
*Recommendations*
*For Thornley Constabulary*
The Chief Constable is recommended to:
- review the policy on counter-allegations
- brief every response officer on it
*For all agencies*
Each agency must
(i) name a senior lead for domestic abuse, and
(ii) tell the Partnership who it is.
*For Thornley Community Safety Partnership*
The training offer of the Partnership should include:
- honour-based abuse
- older victims
*Appendix 2: single-agency recommendations from IMRs*
*Thornley Children’s Services*
1. Social workers should visit absent fathers.
2. Chronologies to be kept up to date.
*Thornley Hospital*
1. Review the domestic abuse policy.
*Appendix 3: Glossary*
"""

POLICY = """
# Domestic abuse policy
1.1 All staff should read this policy. Managers must support them.
1.2 It is recommended that managers meet staff in private.
# 2 Responsibilities
• Managers should record each conversation.
• Staff should tell someone they trust.
# 3 Implementation of recommendations
3.1 The Council should report on the recommendations of the review each year.
"""

MINUTES = """
*Minutes of the Community Safety Partnership, 4 May 2022*
1. Apologies were received.
2. DHR update: the chair said that recommendation 3 of DHR Poppy should be signed off.
3. The Partnership agreed that the police should attend the next meeting.
Action: PB to write to the Home Office.
"""

CHRONOLOGY = """
# Chronology
5.6.19 The police were called. The officer recommended that she should call the refuge.
12.7.19 The GP should have been told.
R v Smith was heard.
2019 The health visitor wrote to the GP and recommended a referral.
"""
